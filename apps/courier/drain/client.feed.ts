import type { Delivery, QueueReader } from '#lgsp/bus';
import { Lanes } from './lanes';

/** How long the server is asked for a job, and how often it is told that one is still worked on, in milliseconds. */
const askMs = 5_000;
export const redeliverMs = 15_000;
const keepMs = redeliverMs / 3;
const retryMs = 500;

/** The jobs of one client at one system, fetched ahead until one can be sent: so that the clients of a system can be served in turn. */
export class ClientFeed {
  private ready?: Delivery;
  private readonly lanes = new Lanes();
  private asking = false;
  private stopped = false;

  constructor(
    readonly client: string,
    private readonly reader: QueueReader,
    private readonly arrived: () => void,
  ) {}

  /** The job that can be dealt with, if one can; else one is asked for, and `arrived` says when it came. */
  take(): Delivery | undefined {
    const freed = this.lanes.next();
    if (freed) return freed;
    const { ready } = this;
    this.ready = undefined;
    void this.ask();
    return ready;
  }

  /** A job that was taken was dealt with, or put back. */
  leave(delivery: Delivery): void {
    this.lanes.leave(delivery);
  }

  /** Puts back what was fetched ahead: nobody takes it for a while. */
  giveBack(): void {
    const { ready } = this;
    this.ready = undefined;
    ready?.later(0);
    if (ready) this.lanes.leave(ready);
    this.lanes.giveBack();
  }

  backlog(): Promise<{ waiting: number; pending: number }> {
    return this.reader.backlog();
  }

  stop(): void {
    this.stopped = true;
    this.giveBack();
    this.reader.close();
  }

  /** Until there is one that needs not wait for others of its dossier: so that no turn is lost by those that do. */
  private async ask(): Promise<void> {
    if (this.asking || this.stopped) return;
    this.asking = true;
    try {
      for (let isReady = false; !isReady && !this.stopped;) {
        const delivery = await this.reader.next(askMs);
        delivery?.keep(keepMs);
        isReady = !delivery || this.lanes.enter(delivery);
        if (isReady) this.ready = delivery;
      }
      if (this.stopped) this.giveBack();
    } catch {
      // The bus is away: whoever asks next asks again.
      await new Promise((resolve) => setTimeout(resolve, retryMs).unref());
    } finally {
      this.asking = false;
    }
    if (this.ready) this.arrived();
  }
}
