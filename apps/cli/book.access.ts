import { BusClient, BusConnection } from '#lgsp/bus';
import { ledgerFailure } from '#lgsp/records';
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
    return await work(async (subject, question, withinMs = askMs) => {
      try {
        return await client.call<never>(subject, question, Date.now() + withinMs);
      } catch (error) {
        throw ledgerFailure(error);
      }
    });
  } finally {
    await connection.close();
  }
}
