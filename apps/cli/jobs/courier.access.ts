import { hostname, userInfo } from 'node:os';
import { BusClient, BusConnection } from '#lgsp/bus';
import { BusError } from '#lgsp/errors';
import { createLogger } from '#lgsp/telemetry';
import { UsageError, type Settings } from '../settings';

/** Asks a process of the bus a question of its own subjects, in the name of the operator. */
export type AskCourier = <T>(subject: string, question: object) => Promise<T>;

const askMs = 20_000;

/** Whoever is logged in on this machine: goes into the audit. */
export const operator = (): string => `${userInfo().username}@${hostname()}`;

/** Connects to the bus for one command that asks the courier. */
export function withCourier<T>(settings: Settings, work: (ask: AskCourier) => Promise<T>): Promise<T> {
  return withProcess(settings, 'courier', work);
}

/** The same for another process that answers operators. @param name what is missing when nobody answers */
export async function withProcess<T>(
  settings: Settings,
  name: string,
  work: (ask: AskCourier) => Promise<T>,
): Promise<T> {
  const connection = await BusConnection.open({
    url: settings.get('LGSP_NATS_URL'),
    user: settings.find('LGSP_NATS_USER'),
    password: settings.find('LGSP_NATS_PASSWORD'),
    name: 'cli',
    log: createLogger({ app: 'cli', level: 'silent' }),
  });
  try {
    const client = new BusClient(connection);
    return await work(async (subject, question) => {
      try {
        return await client.call(subject, question, Date.now() + askMs);
      } catch (error) {
        if (BusError.from(error).code !== 'connector-unavailable') throw error;
        throw new UsageError(`no ${name} is running: start one, then try again`);
      }
    });
  } finally {
    await connection.close();
  }
}
