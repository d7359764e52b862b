import { ConfigError, loadConfig } from '#lgsp/config';
import { createLogger } from '#lgsp/telemetry';
import { controlServer, upstreamsOf } from './control.server';
import { Population } from './people/population';
import { SandboxClock } from './sandbox.clock';
import { SandboxConfig } from './sandbox.config';
import { StandIn } from './stand-in';
import { findStandIns } from './stand-ins';

async function main(): Promise<void> {
  const config = loadConfig(SandboxConfig);
  const log = createLogger({ app: 'sandbox', level: config.logLevel });
  const people = new Population(config.seed, config.people);
  const clock = new SandboxClock(config.stepMs);
  const standIns = new Map<string, StandIn>();
  for (const [index, definition] of findStandIns().entries()) {
    const callbackUrl = config.callbackUrl && `${config.callbackUrl.replace(/\/$/, '')}/${definition.system}`;
    const options = { people, clock, secret: config.secret, callbackUrl };
    standIns.set(definition.system, await startOn(config.port && config.port + 1 + index, definition, options));
  }
  const control = controlServer(standIns, people, clock);
  const url = await control.listen({ host: '127.0.0.1', port: config.port });
  const upstreams = upstreamsOf(standIns);
  log.info({ url, upstreams: Object.keys(upstreams) }, 'serving');
  process.send?.({ ready: true, url, upstreams });
  const stop = (): void => process.exit(0);
  for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(signal, stop);
}

type Options = ConstructorParameters<typeof StandIn>[1];

/** On the wanted port, or on a free one when it is taken. */
async function startOn(port: number, definition: StandIn['definition'], options: Options): Promise<StandIn> {
  try {
    return await new StandIn(definition, { ...options, port }).start();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return new StandIn(definition, { ...options, port: 0 }).start();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : String((error as Error).stack)}\n`);
  process.exit(error instanceof ConfigError ? 78 : 1);
});
