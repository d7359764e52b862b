import type { ClientBase, Connection, Submittable } from 'pg';

/** What of the driver's connection copies: its types do not tell. */
interface CopyingConnection extends Connection {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

const chunkBytes = 262_144;

/** `COPY … FROM STDIN`, which the driver knows to carry and not to say. */
class CopyIn implements Submittable {
  constructor(
    private readonly text: string,
    private readonly rows: Buffer,
    /** The driver calls it, also when the server does not answer in time. */
    readonly callback: (error?: Error | null) => void,
  ) {}

  /** All at once: should the server not want the rows it lets them go by, as the protocol has it for whoever sends ahead. */
  submit(connection: Connection): void {
    const copying = connection as CopyingConnection;
    copying.query(this.text);
    for (let at = 0; at < this.rows.length; at += chunkBytes)
      copying.sendCopyFromChunk(this.rows.subarray(at, at + chunkBytes));
    copying.endCopyFrom();
  }

  handleCopyInResponse(): void {
    // It has them already.
  }

  handleCommandComplete(): void {
    // How many rows there were is known.
  }

  handleError(error: Error): void {
    this.callback(error);
  }

  handleReadyForQuery(): void {
    this.callback();
  }
}

/** @param target table and columns @param rows in binary form */
export function copyIn(client: ClientBase, target: string, rows: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error?: Error | null): void => (error ? reject(error) : resolve());
    client.query(new CopyIn(`copy ${target} from stdin (format binary)`, rows, done));
  });
}
