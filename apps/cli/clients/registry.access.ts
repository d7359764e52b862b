import { hostname, userInfo } from 'node:os';
import { BusConnection } from '#lgsp/bus';
import { ClientRegistry } from '#lgsp/clients';
import { createLogger } from '#lgsp/telemetry';
import type { Settings } from '../settings';

export type Work = (registry: ClientRegistry) => Promise<void>;

/** Opens the registry for one command, in the name of whoever is logged in on this machine. */
export async function withRegistry(settings: Settings, work: Work): Promise<void> {
  const connection = await BusConnection.open({
    url: settings.get('LGSP_NATS_URL'),
    user: settings.find('LGSP_NATS_USER'),
    password: settings.find('LGSP_NATS_PASSWORD'),
    replicas: Number(settings.find('LGSP_NATS_REPLICAS') ?? 1),
    name: 'cli',
    log: createLogger({ app: 'cli', level: 'silent' }),
  });
  try {
    const registry = await ClientRegistry.open(connection, `${userInfo().username}@${hostname()}`);
    await work(registry);
    for (const { message } of registry.behind)
      process.stderr.write(`lgsp: done; its entry in the audit follows with the next look at it (${message})\n`);
  } finally {
    await connection.close();
  }
}
