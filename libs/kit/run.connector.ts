import { ConfigError, loadConfig } from '#lgsp/config';
import { createLogger } from '#lgsp/telemetry';
import { startConnector, type ConnectorParts } from './connector';
import type { ConnectorConfig } from './connector.config';

/** Exit codes of sysexits.h: a wrong configuration, and a needed service that is not there. */
const exitConfig = 78;
const exitUnavailable = 69;

/**
 * The main program of a connector: configuration from the environment, log, metrics, the bus; runs until SIGTERM or
 * SIGINT, then ends the calls under way. When started with an IPC channel it reports `{ready: true, metricsUrl}`.
 */
export async function runConnector<C extends ConnectorConfig>(parts: ConnectorParts<C>): Promise<void> {
  const { name } = parts.definition;
  const config = loadConfigOrExit(parts.config);
  const log = createLogger({ app: name, level: config.logLevel });
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'uncaught: the process ends');
    process.exit(1);
  });
  try {
    const connector = await startConnector(parts, { config, log });
    const metrics = await connector.metrics.serve(config.metricsPort, config.metricsHost);
    const stop = (signal: string): void => {
      log.info({ signal }, 'stopping');
      const ended = connector.stop().then(() => metrics.close());
      ended.then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, 'could not stop cleanly');
          process.exit(1);
        },
      );
    };
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
    process.once('disconnect', () => stop('disconnect'));
    const metricsUrl = `http://${config.metricsHost}:${metrics.port}/metrics`;
    log.info({ metricsUrl, version: parts.definition.version }, 'serving');
    process.send?.({ ready: true, metricsUrl });
  } catch (error) {
    log.fatal({ err: error }, 'could not start');
    process.exit(exitUnavailable);
  }
}

function loadConfigOrExit<C extends ConnectorConfig>(configClass: new () => C): C {
  try {
    return loadConfig(configClass);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(exitConfig);
  }
}
