import pino, { type DestinationStream, type Logger as PinoLogger } from 'pino';
import { BusError } from '#lgsp/errors';

export type Logger = PinoLogger;

/** Names of headers, fields and parameters whose value is a secret wherever it appears in a log line. */
const secretNames = [
  'authorization',
  'apikey',
  'password',
  'secret',
  'token',
  'access_token',
  'accessToken',
  'lgspaccesstoken',
  'session',
  'MaXacThuc',
  'checksum',
  'SecurityCode',
  'authKey',
];

export interface LoggerOptions {
  /** The process: `gateway`, or the system that a connector serves. */
  app: string;
  level: string;
  /** Where lines go: standard output when left out. */
  destination?: DestinationStream;
}

/** The log of one process: JSON lines with a time in ISO form, secrets replaced, errors with their chain of causes. */
export function createLogger({ app, level, destination }: LoggerOptions): Logger {
  const paths = secretNames.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]);
  return pino(
    {
      level,
      base: { app },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths, censor: '[secret]' },
      serializers: { err: describeError },
      formatters: { level: (label) => ({ level: label }) },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
}

/** An error as a log line shows it: code and chain of causes; the stack only of faults of our own. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, cause } = error;
  const code: unknown = error instanceof BusError ? error.code : (error as NodeJS.ErrnoException).code;
  const ours = !(error instanceof BusError) || error.code === 'internal';
  return {
    name,
    message,
    code,
    upstream: error instanceof BusError ? error.upstream?.code : undefined,
    stack: ours ? error.stack : undefined,
    cause: cause === undefined ? undefined : describeError(cause),
  };
}
