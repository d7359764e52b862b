import type { Delivery, QueueReader } from '#lgsp/bus';

/** How long the server is asked for a job, and how often it is told that one is still worked on, in milliseconds. */
const askMs = 5_000;
export const redeliverMs = 15_000;
const keepMs = redeliverMs / 3;
const retryMs = 500;

/** The jobs of one client at one system, one fetched ahead: so that the clients of a system can be served in turn. */
export class ClientFeed {
  private ready?: Delivery;
  private asking = false;
  private stopped = false;

  constructor(
    readonly client: string,
    private readonly reader: QueueReader,
    private readonly arrived: () => void,
  ) {}

  /** The job that is there, if one is; else one is asked for, and `arrived` says when it came. */
  take(): Delivery | undefined {
    const { ready } = this;
    this.ready = undefined;
    void this.ask();
    return ready;
  }

  /** Puts back what was fetched ahead: nobody takes it for a while. */
  giveBack(): void {
    this.ready?.later(0);
    this.ready = undefined;
  }

  backlog(): Promise<{ waiting: number; pending: number }> {
    return this.reader.backlog();
  }

  stop(): void {
    this.stopped = true;
    this.giveBack();
    this.reader.close();
  }

  private async ask(): Promise<void> {
    if (this.asking || this.stopped) return;
    this.asking = true;
    try {
      const delivery = await this.reader.next(askMs);
      delivery?.keep(keepMs);
      this.ready = delivery;
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
