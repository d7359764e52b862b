const width = 32;
const everyMs = 100;

/** A progress bar on a terminal; a line now and then where the output is no terminal. */
export class ProgressBar {
  private done = 0;
  private drawnAt = 0;
  private readonly startedAt = Date.now();

  constructor(
    private readonly total: number,
    private readonly label: string,
    private readonly out: NodeJS.WriteStream = process.stderr,
  ) {}

  step(): void {
    this.reach(this.done + 1);
  }

  /** @param done of all that there is to do */
  reach(done: number): void {
    this.done = done;
    const now = Date.now();
    if (this.done < this.total && now - this.drawnAt < (this.out.isTTY ? everyMs : 5_000)) return;
    this.drawnAt = now;
    this.draw();
  }

  end(): void {
    this.draw();
    this.out.write('\n');
  }

  private draw(): void {
    const share = Math.min(1, this.done / Math.max(1, this.total));
    const filled = Math.round(share * width);
    const seconds = ((Date.now() - this.startedAt) / 1_000).toFixed(1);
    const line = `${this.label} ${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${this.done}/${this.total} ${seconds} s`;
    this.out.write(this.out.isTTY ? `\r${line}` : `${line}\n`);
  }
}
