import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { CheckedProcess } from '#lgsp/conformance';

/** Most that is kept of what the process writes, in characters. */
const logLengthMax = 4_000_000;

/** A connector that the checker started: it is ended with the check, whatever happens. */
export interface StartedProcess extends CheckedProcess {
  log(): string;
  /** Ends it if it still runs. */
  kill(): Promise<void>;
}

/** Starts a command line of the shell, in its place and not below it, so that a signal reaches the connector itself. */
export function startProcess(command: string, natsUrl: string): StartedProcess {
  const child = spawn('/bin/sh', ['-c', `exec ${command}`], {
    env: { ...process.env, LGSP_NATS_URL: natsUrl },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (log = (log + text).slice(-logLengthMax)));
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  return {
    stop: () => void child.kill('SIGTERM'),
    exited,
    log: () => log,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await exited;
    },
  };
}
