import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A line between a process and a server: what is sent comes through in its order, and as much later as it is told. */
export class SlowLine {
  /** Each way, in milliseconds. */
  delayMs = 0;
  private readonly sockets = new Set<Socket>();
  private to?: { port: number; hostname: string };
  private readonly server = createServer((near) => {
    const far = connect(this.to!.port, this.to!.hostname);
    this.carry(near, far);
    this.carry(far, near);
  });

  /** @returns where the server at the URL is reached by this line */
  async start(url: string): Promise<string> {
    const { hostname, port } = new URL(url);
    this.to = { hostname, port: Number(port) };
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `nats://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private carry(from: Socket, to: Socket): void {
    this.sockets.add(from);
    let before = Promise.resolve();
    from.on('data', (chunk) => {
      const at = Date.now() + this.delayMs;
      before = before
        .then(() => (at > Date.now() ? pause(at - Date.now()) : undefined))
        .then(() => void to.write(chunk));
    });
    from.on('error', () => undefined); // It is closed next, and so is the other end.
    from.on('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
  }
}
