import type { KeyValueStore, LogState } from '#lgsp/bus';
import type { FollowPosition } from '#lgsp/progress';

/** How often the place that was reached is written down, in milliseconds: what is done again after a crash is done the same. */
const everyMs = 1_000;

/** How far a log was worked through, across restarts. */
export class LogPosition {
  private written: number;
  private readonly timer: NodeJS.Timeout;
  private writing: Promise<void> = Promise.resolve();

  private constructor(
    private readonly store: KeyValueStore<FollowPosition>,
    private readonly key: string,
    private readonly origin: Required<Pick<FollowPosition, 'createdAt' | 'beganAt'>>,
    private reached: number,
  ) {
    this.written = reached;
    this.timer = setInterval(() => void this.write(), everyMs).unref();
  }

  /** @throws BusError `bus-unavailable` */
  static async open(
    store: KeyValueStore<FollowPosition>,
    key: string,
    log: { state(): Promise<LogState> },
  ): Promise<LogPosition> {
    const [{ createdAt }, stored] = await Promise.all([log.state(), store.get(key)]);
    // Another stream of the same name begins anew.
    const isSame = stored?.value.createdAt === createdAt;
    const { sequence, beganAt = Date.now() } = isSame ? stored.value : { sequence: 0 };
    return new LogPosition(store, key, { createdAt, beganAt }, sequence);
  }

  /** When the log was begun to be worked through, epoch milliseconds. */
  get beganAt(): number {
    return this.origin.beganAt;
  }

  get last(): number {
    return this.reached;
  }

  /** Everything up to there is done. */
  reach(sequence: number): void {
    this.reached = sequence;
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.write();
  }

  private write(): Promise<void> {
    return (this.writing = this.writeAfter(this.writing));
  }

  /** What could not be written is written next time, or done again. */
  private async writeAfter(earlier: Promise<void>): Promise<void> {
    await earlier;
    const { reached: sequence, origin } = this;
    if (sequence === this.written) return;
    try {
      await this.store.put(this.key, { sequence, ...origin });
      this.written = sequence;
    } catch {
      return;
    }
  }
}
