import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { GatewayHarness } from './gateway.harness';

/** A connector of some twenty lines that knows nothing of this repository but the protocol: as its own process. */
export function startForeign({ nats }: GatewayHarness, name = 'weather'): Promise<ChildProcess> {
  const child = fork(join(__dirname, 'foreign.connector.js'), [name], {
    env: { ...process.env, NATS_URL: nats.url },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    child.once('message', () => resolve(child));
    child.once('exit', (code) => reject(new Error(`it ended with ${code}`)));
  });
}
