import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** How often it is looked for connections on which nothing is asked, in milliseconds. */
const lookEveryMs = 100;

/**
 * The connections of callers, for the end: what is being asked is answered, and who asks nothing is not waited for. Node closes
 * those that are idle when its server begins to close, but neither those that become idle after an answer nor those on which
 * nothing ever came, which balancers and browsers open ahead; and it looks no more for requests that take too long to come.
 */
export class OpenConnections {
  private readonly sockets = new Set<Socket>();

  constructor(private readonly server: Server) {
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  /** @param close ends once all connections have @param drainMs after which whatever is still open is cut */
  async end(close: () => Promise<void>, drainMs: number): Promise<void> {
    const look = setInterval(() => this.dropIdle(), lookEveryMs);
    const late = setTimeout(() => this.server.closeAllConnections(), drainMs);
    try {
      await close();
    } finally {
      clearInterval(look);
      clearTimeout(late);
    }
  }

  private dropIdle(): void {
    const sockets = [...this.sockets];
    // Node takes one for idle whose answer is given and not sent yet.
    if (sockets.every(({ writableLength }) => writableLength === 0)) this.server.closeIdleConnections();
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  }
}
