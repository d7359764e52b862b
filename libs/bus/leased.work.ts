import { idle } from './idle';
import type { Lease } from './lease';

export interface LeasedWorkOptions {
  /** Until it is looked again whether the lease can be had, or what failed is begun anew, in milliseconds. */
  pauseMs: number;
  /** Told why it failed. */
  complain(error: unknown): void;
}

/** What one process at a time does, for as long as it has the lease: begun anew whenever it has ended, or failed. */
export class LeasedWork {
  private readonly stopping = new AbortController();
  private running?: Promise<void>;

  constructor(
    private readonly lease: Lease,
    /** Ends by itself when the lease is lost, or with its signal. */
    private readonly work: (signal: AbortSignal) => Promise<void>,
    private readonly options: LeasedWorkOptions,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await this.lease.release();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    const { pauseMs, complain } = this.options;
    while (!signal.aborted) {
      try {
        if (await this.lease.take()) await this.work(signal);
      } catch (error) {
        if (!signal.aborted) complain(error);
      }
      await idle(pauseMs, signal);
    }
  }
}

/**
 * Does the parts of one work side by side. When one ends or fails, the others are told to end, and all have ended before anybody
 * begins anew. @throws what the first of the parts that failed threw
 */
export async function together(
  stopped: AbortSignal,
  ...parts: readonly ((signal: AbortSignal) => Promise<void>)[]
): Promise<void> {
  const ending = new AbortController();
  const signal = AbortSignal.any([stopped, ending.signal]);
  const ended = await Promise.allSettled(parts.map((part) => part(signal).finally(() => ending.abort())));
  for (const part of ended) if (part.status === 'rejected') throw part.reason;
}
