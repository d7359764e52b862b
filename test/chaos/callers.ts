import { civilRegistry } from '../../apps/civil-registry/civil-registry.connector';
import { payment } from '../../apps/payment/payment.connector';
import { population } from '../../apps/population/population.connector';
import type { Outcome } from '#lgsp/errors';
import { isErrorCode, outcomeOf } from '#lgsp/errors';
import type { Answered, TestBus } from '../e2e/test.bus';

/** What a caller knows of one of its calls: the last that it was told. */
export interface Told {
  /** Of the transaction; absent when none was told. */
  id?: string;
  /** Absent when the last try ended without an answer. */
  outcome?: Outcome;
  kind: 'query' | 'command';
}

const pauseMs = 150;
/** How long a caller repeats a command under its key before it gives up. */
const insistMs = 30_000;

/** Callers as they are in offices: several at once, who repeat what they got no answer to, commands under the same key. */
export class Callers {
  readonly told: Told[] = [];
  /** What callers were told instead of a success, each time: a code, or that there was no answer. */
  readonly troubles: string[] = [];
  private readonly stopping = new AbortController();
  private readonly loops: Promise<void>[] = [];
  private count = 0;

  constructor(
    private readonly bus: TestBus,
    private readonly gateways: readonly string[],
    /** How long a caller gives each call, in milliseconds. */
    private readonly deadlineMs = 3_000,
  ) {}

  start(size: number): void {
    for (let nth = 0; nth < size; nth++) this.loops.push(this.work());
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.loops);
  }

  private async work(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const nth = ++this.count;
      if (nth % 3 === 0)
        await this.command('civil-registry/register-birth', nth, civilRegistry.operations.registerBirth.example.input);
      else if (nth % 3 === 1)
        await this.command('payment/create-payment', nth, payment.operations.createPayment.example.input);
      else await this.query(nth);
    }
  }

  private async query(nth: number): Promise<void> {
    const { input } = population.operations.verifyCitizen.example;
    const answer = await this.send('population/verify-citizen', nth, input);
    if (!answer) await pause(pauseMs);
    else this.told.push({ id: idOf(answer), outcome: outcomeIn(answer), kind: 'query' });
  }

  /** Under one key, until an answer stands or it is given up. */
  private async command(path: string, nth: number, input: object): Promise<void> {
    const deadline = Date.now() + insistMs;
    const told: Told = { kind: 'command' };
    this.told.push(told);
    for (;;) {
      const answer = await this.send(path, nth, input, `chaos-${nth}`);
      const outcome = answer && outcomeIn(answer);
      told.id = (answer && idOf(answer)) ?? told.id;
      // Refused at the door (in progress, not recordable) it says nothing of the transaction.
      told.outcome = answer && idOf(answer) ? outcome : undefined;
      if (outcome === 'succeeded' || (outcome === 'rejected' && idOf(answer!)) || Date.now() > deadline) return;
      await pause(pauseMs);
    }
  }

  private async send(path: string, nth: number, input: object, key?: string): Promise<Answered | undefined> {
    const headers = {
      'lgsp-agency': 'H24.11',
      'lgsp-officer': 'canbo.mau',
      'lgsp-procedure': '1.001193',
      'lgsp-dossier': `H24.11-261101-${String(nth).padStart(7, '0')}`,
      ...(key ? { 'idempotency-key': key } : {}),
      'lgsp-deadline-ms': String(this.deadlineMs),
    };
    try {
      const answer = await this.bus.call(this.gateways[nth % this.gateways.length]!, path, input, headers);
      if (answer.code !== undefined) this.troubles.push(answer.code);
      return answer;
    } catch {
      this.troubles.push('no answer');
      return undefined; // The gateway was killed: nobody knows what it did, and the caller asks again.
    }
  }
}

const idOf = ({ headers }: Answered): string | undefined => headers.get('lgsp-transaction-id') ?? undefined;

function outcomeIn({ code }: Answered): Outcome {
  return outcomeOf(isErrorCode(code) ? code : undefined);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
