/** One message that an outside system sends by itself, once it is due. */
export interface Callback {
  /** What it is about: of messages that wait under the same key the latest is sent. */
  key: string;
  url: string;
  isDue(): boolean;
  /** Made when it is sent, as JSON. */
  body(): object;
}

export interface CallbackRules {
  /** How often each message is sent: more than once under the fault `duplicate-callbacks`. */
  copies(): number;
  /** Whether a receiver's answer says that it took the message; any answer of success when left out. */
  isTaken?(response: Response): Promise<boolean>;
}

const everyMs = 200;
const timeoutMs = 5_000;
const attemptsMax = 3;
const waitingMax = 10_000;
const batchMax = 20;

/**
 * Sends what an outside system tells by itself. A few attempts, then silence: the real ones are as unreliable, which is why
 * a state must be asked for as well. Nothing is promised of the order.
 */
export class CallbackSender {
  private readonly waiting = new Map<string, { callback: Callback; attempts: number }>();
  private readonly timer: NodeJS.Timeout;
  private sending = false;

  constructor(private readonly rules: CallbackRules) {
    this.timer = setInterval(() => void this.sendDue(), everyMs);
    this.timer.unref();
  }

  expect(callback: Callback): void {
    if (this.waiting.size < waitingMax) this.waiting.set(callback.key, { callback, attempts: 0 });
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async sendDue(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    const due = [...this.waiting.values()].filter(({ callback }) => callback.isDue()).slice(0, batchMax);
    await Promise.all(due.map((entry) => this.deliver(entry)));
    this.sending = false;
  }

  private async deliver(entry: { callback: Callback; attempts: number }): Promise<void> {
    const { callback } = entry;
    entry.attempts++;
    const copies = Array.from({ length: this.rules.copies() }, () => this.post(callback));
    const arrived = (await Promise.all(copies)).some(Boolean);
    const over = arrived || entry.attempts >= attemptsMax;
    // Another one by its key may have come meanwhile.
    if (over && this.waiting.get(callback.key) === entry) this.waiting.delete(callback.key);
  }

  /** Says whether it was taken. */
  private async post(callback: Callback): Promise<boolean> {
    try {
      const response = await fetch(callback.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(callback.body()),
        signal: AbortSignal.timeout(timeoutMs),
        redirect: 'error',
      });
      if (response.ok && this.rules.isTaken) return await this.rules.isTaken(response);
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false; // Refused, broken or too late: it counts as an attempt, and the next round tries again.
    }
  }
}
