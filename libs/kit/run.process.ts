import { ConfigError, loadConfig, type ProcessConfig } from '#lgsp/config';
import { createLogger, useTracer, type Logger, type Metrics, type Tracer } from '#lgsp/telemetry';

/** Exit codes of sysexits.h: a wrong configuration, and a needed service that is not there. */
const exitConfig = 78;
const exitUnavailable = 69;

/** How long beyond its calls under way a process may take to stop, in milliseconds. */
const stopMarginMs = 3_000;

/** What runs in a process until it is told to stop. */
export interface RunningProcess {
  metrics: Metrics;
  /** Where it serves, if it listens. */
  url?: string;
  stop(): Promise<void>;
}

/**
 * The main program of a process of the bus: configuration from the environment, log, metrics; runs until SIGTERM or SIGINT,
 * then ends the calls under way. When started with an IPC channel it reports `{ready: true, url, metricsUrl}` and ends with
 * its parent.
 */
export async function runProcess<C extends ProcessConfig>(
  name: string,
  configClass: new () => C,
  start: (config: C, log: Logger) => Promise<RunningProcess>,
): Promise<void> {
  const config = loadConfigOrExit(configClass);
  const log = createLogger({ app: name, level: config.logLevel });
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'uncaught: the process ends');
    process.exit(1);
  });
  try {
    const tracer = await startTracing(name, config);
    const running = await start(config, log);
    const metrics = await running.metrics.serve(config.metricsPort, config.metricsHost);
    const stop = (signal: string): void => {
      log.info({ signal }, 'stopping');
      // What it waits for may be gone as well, as when everything is stopped at once.
      const late = setTimeout(() => {
        log.error('could not stop in time: the process ends as it is');
        process.exit(1);
      }, config.drainMs + stopMarginMs);
      late.unref();
      const ended = running
        .stop()
        .then(() => metrics.close())
        .then(() => tracer?.stop());
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
    log.info({ url: running.url, metricsUrl }, 'serving');
    process.send?.({ ready: true, url: running.url, metricsUrl });
  } catch (error) {
    log.fatal({ err: error }, 'could not start');
    process.exit(exitUnavailable);
  }
}

/**
 * A program that does one thing and ends, with the configuration and the log of a process: with exit code 0 only when it was
 * done.
 */
export async function runTask<C extends ProcessConfig>(
  name: string,
  configClass: new () => C,
  task: (config: C, log: Logger) => Promise<void>,
): Promise<void> {
  const config = loadConfigOrExit(configClass);
  const log = createLogger({ app: name, level: config.logLevel });
  try {
    await task(config, log);
    process.exit(0);
  } catch (error) {
    log.fatal({ err: error }, 'could not be done');
    process.exit(1);
  }
}

/** Loads what traces need only where traces are wanted. */
async function startTracing(name: string, { traceUrl, traceShare: share }: ProcessConfig): Promise<Tracer | undefined> {
  if (traceUrl === undefined) return undefined;
  const { openTracer } = await import('#lgsp/telemetry/opentelemetry');
  const tracer = openTracer(traceUrl, { name, share });
  useTracer(tracer);
  return tracer;
}

function loadConfigOrExit<C extends ProcessConfig>(configClass: new () => C): C {
  try {
    return loadConfig(configClass);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(exitConfig);
  }
}
