const width = 32;
const everyMs = 100;
const etaAfterMs = 2_000;
/** Takes away what a longer line left behind. */
const clearToEnd = '\u001B[K';

/** A progress bar on a terminal; a line now and then where the output is no terminal. */
export class ProgressBar {
  private done: number;
  /** What was shown last, and when. */
  private drawn = -1;
  private drawnAt = 0;
  private readonly startedAt = Date.now();

  constructor(
    private readonly total: number,
    private readonly label: string,
    private readonly out: NodeJS.WriteStream = process.stderr,
    /** What was done before: no measure of how fast the rest will be. */
    private readonly doneBefore = 0,
  ) {
    this.done = doneBefore;
  }

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
    if (this.out.isTTY || this.drawn < this.done) this.draw();
    if (this.out.isTTY) this.out.write('\n');
  }

  private draw(): void {
    this.drawn = this.done;
    const share = Math.min(1, this.done / Math.max(1, this.total));
    const filled = Math.round(share * width);
    const seconds = ((Date.now() - this.startedAt) / 1_000).toFixed(1);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(width - filled)}`;
    const line = `${this.label} ${bar} ${this.done}/${this.total} ${seconds} s${this.left()}`;
    this.out.write(this.out.isTTY ? `\r${line}${clearToEnd}` : `${line}\n`);
  }

  /** How long the rest will take, as the time so far tells; nothing before there is something to tell from. */
  private left(): string {
    const [done, elapsedMs] = [this.done - this.doneBefore, Date.now() - this.startedAt];
    if (done <= 0 || this.done >= this.total || elapsedMs < etaAfterMs) return '';
    const seconds = Math.ceil((elapsedMs / done) * ((this.total - this.done) / 1_000));
    return seconds < 100 ? `, ${seconds} s left` : `, ${Math.ceil(seconds / 60)} min left`;
  }
}
