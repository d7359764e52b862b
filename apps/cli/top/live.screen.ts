const enter = '\u001B[?1049h\u001B[?25l';
const leave = '\u001B[?25h\u001B[?1049l';
const home = '\u001B[H';
const clearLine = '\u001B[K';
const clearBelow = '\u001B[J';
const ctrlC = '\u0003';
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * The terminal while a live table is on it: a screen of its own, no cursor, keys as they are pressed. However the table ends, the
 * terminal is as it was before.
 */
export class LiveScreen {
  private readonly left = new AbortController();
  private open = false;

  constructor(
    private readonly out: NodeJS.WriteStream = process.stdout,
    private readonly keys: NodeJS.ReadStream = process.stdin,
  ) {}

  /** Aborts when the person has seen enough: Ctrl-C, `q`, or a signal. */
  get signal(): AbortSignal {
    return this.left.signal;
  }

  /** @param redraw when the size changed */
  start(redraw: () => void): void {
    this.open = true;
    this.out.write(enter);
    for (const signal of signals) process.once(signal, this.onSignal);
    process.once('exit', this.onExit);
    this.out.on('resize', redraw);
    if (!this.keys.isTTY) return;
    this.keys.setRawMode(true);
    this.keys.on('data', this.onKey);
    this.keys.resume();
  }

  draw(lines: readonly string[]): void {
    const text = lines.map((line) => `${line}${clearLine}`).join('\r\n');
    if (this.open) this.out.write(`${home}${text}${clearBelow}`);
  }

  stop(): void {
    if (!this.open) return;
    this.open = false;
    for (const signal of signals) process.off(signal, this.onSignal);
    process.off('exit', this.onExit);
    this.out.removeAllListeners('resize');
    if (this.keys.isTTY) {
      this.keys.off('data', this.onKey);
      this.keys.setRawMode(false);
      this.keys.pause();
    }
    this.out.write(leave);
  }

  private readonly onSignal = (): void => this.left.abort();
  private readonly onExit = (): void => this.stop();
  private readonly onKey = (key: Buffer): void => {
    const text = key.toString();
    if (text.includes(ctrlC) || text.includes('q')) this.left.abort();
  };
}
