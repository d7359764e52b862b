import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below those that connections get: what was killed finds its own free when it is started again. */
const ports = { from: 20_000, to: 32_000 };
const portTries = 100;

/** A port that nobody listens on, and that no connection takes. @throws when there is none */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < portTries; tried++) {
    const port = randomInt(ports.from, ports.to);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
  throw new Error('no port is free');
}
