import { BusClient, BusConnection } from '#lgsp/bus';
import { BusError, type Text } from '#lgsp/errors';
import { createLogger } from '#lgsp/telemetry';
import type { Settings } from './settings';

/** Asks the ledger a question of `bookSubjects`, in the name of the operator. */
export type AskBook = <T>(subject: string, question: unknown, withinMs?: number) => Promise<T>;

const askMs = 60_000;

/** Connects to the bus for one command that asks the ledger. */
export async function withBook<T>(settings: Settings, work: (ask: AskBook) => Promise<T>): Promise<T> {
  const connection = await BusConnection.open({
    url: settings.get('LGSP_NATS_URL'),
    user: settings.find('LGSP_NATS_USER'),
    password: settings.find('LGSP_NATS_PASSWORD'),
    name: 'cli',
    log: createLogger({ app: 'cli', level: 'silent' }),
  });
  try {
    const client = new BusClient(connection);
    return await work((subject, question, withinMs = askMs) =>
      client.call<never>(subject, question, Date.now() + withinMs).catch(ofLedger),
    );
  } finally {
    await connection.close();
  }
}

/** On these subjects nobody else answers than the ledger. */
function ofLedger(error: unknown): never {
  if (BusError.from(error).code !== 'connector-unavailable') throw error;
  throw new BusError('ledger-unavailable', { detail: notRunning, cause: error });
}

const notRunning: Text = {
  en: 'the ledger does not run, so nothing can be read from the book now',
  vi: 'sổ giao dịch đang không hoạt động nên chưa tra cứu được',
};
