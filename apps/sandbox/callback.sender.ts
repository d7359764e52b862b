import type { Fault } from './faults';

/** One message that an outside system sends by itself, once it is due. */
export interface Callback {
  /** What it is about: of messages that wait under the same key the latest is sent. */
  key: string;
  url: string;
  isDue(): boolean;
  /** Made when it is sent, as JSON. */
  body(): object;
  headers?: Readonly<Record<string, string>>;
}

export interface CallbackRules {
  /** The fault that is ordered now: callbacks may come several times, late, or with a wrong proof. */
  fault(): Fault | undefined;
  /** Whether a receiver's answer says that it took the message; any answer of success when left out. */
  isTaken?(response: Response): Promise<boolean>;
}

interface Waiting {
  callback: Callback;
  attempts: number;
  /** When it became due, in epoch milliseconds. */
  dueAt?: number;
}

const everyMs = 200;
const timeoutMs = 5_000;
const attemptsMax = 3;
const waitingMax = 10_000;
const batchMax = 20;
const duplicates = 5;
const lateMsDefault = 10_000;
const proofs = /("(?:MaXacThuc|SecurityCode|authKey)"\s*:\s*")[^"]*(?=")/g;

/**
 * Sends what an outside system tells by itself. A few attempts, then silence: the real ones are as unreliable, which is why
 * a state must be asked for as well. Nothing is promised of the order.
 */
export class CallbackSender {
  private readonly waiting = new Map<string, Waiting>();
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
    const due = [...this.waiting.values()].filter((entry) => this.isDue(entry)).slice(0, batchMax);
    await Promise.all(due.map((entry) => this.deliver(entry)));
    this.sending = false;
  }

  private isDue(entry: Waiting): boolean {
    if (!entry.callback.isDue()) return false;
    entry.dueAt ??= Date.now();
    const fault = this.rules.fault();
    return fault?.kind !== 'late-callbacks' || Date.now() - entry.dueAt >= (fault.delayMs ?? lateMsDefault);
  }

  private async deliver(entry: Waiting): Promise<void> {
    const { callback } = entry;
    entry.attempts++;
    const copies = this.rules.fault()?.kind === 'duplicate-callbacks' ? duplicates : 1;
    const posts = Array.from({ length: copies }, () => this.post(callback));
    const arrived = (await Promise.all(posts)).some(Boolean);
    const over = arrived || entry.attempts >= attemptsMax;
    // Another one by its key may have come meanwhile.
    if (over && this.waiting.get(callback.key) === entry) this.waiting.delete(callback.key);
  }

  /** Says whether it was taken. */
  private async post(callback: Callback): Promise<boolean> {
    try {
      const response = await send(callback, this.rules.fault()?.kind === 'forged-callbacks');
      if (response.ok && this.rules.isTaken) return await this.rules.isTaken(response);
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false; // Refused, broken or too late: it counts as an attempt, and the next round tries again.
    }
  }
}

/** Sends one message now. @param isForged its proof is made wrong */
export function send(
  { url, body, headers = {} }: Omit<Callback, 'key' | 'isDue'>,
  isForged = false,
): Promise<Response> {
  const text = JSON.stringify(body());
  const shown = Object.entries(headers).map(([name, value]) => [name, isForged ? `${value}x` : value] as const);
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...Object.fromEntries(shown) },
    body: isForged ? text.replaceAll(proofs, '$1forged') : text,
    signal: AbortSignal.timeout(timeoutMs),
    redirect: 'error',
  });
}
