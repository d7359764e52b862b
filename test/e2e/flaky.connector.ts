import { BusError, toProblem, type ErrorCode } from '#lgsp/errors';
import type { BusConnection } from '#lgsp/bus';

/** A command as the connector was sent it. */
export interface Sent {
  key: string;
  transaction: string;
  dossier?: string;
  /** What is known of how it was sent before; nothing when it was not. */
  recheck?: string;
  body: unknown;
  at: number;
}

type Verdict = ErrorCode | 'ok' | 'lose';

/** A connector whose one command, `parcels.send-parcel`, does what the test decides, call by call; what it did is asked by key. */
export class FlakyConnector {
  readonly sent: Sent[] = [];
  /** Keys of what took effect, each as often as it did. */
  readonly effects: string[] = [];
  /** What becomes of a call; the error code `lose` acts and never answers. */
  decide: (call: Sent, nth: number) => Verdict | { code: ErrorCode; retryAfterMs: number } = () => 'ok';
  delayMs = 0;

  constructor(private readonly connection: BusConnection) {}

  async start(metadata: Record<string, string> = {}): Promise<void> {
    const service = await this.connection.nats.services.add({
      name: 'parcels',
      version: '1.0.0',
      description: 'sends parcels',
      queue: 'parcels',
      metadata: { owner: 'test' },
    });
    service.addEndpoint('send-parcel', {
      subject: 'lgsp.parcels.v1.send-parcel',
      metadata: { kind: 'command', timeoutMs: '2000', ...metadata },
      handler: (_error, message) => void this.take(message),
    });
    service.addEndpoint('send-parcel-outcome', {
      subject: 'lgsp.parcels.v1.send-parcel.outcome',
      metadata: { kind: 'query' },
      handler: (_error, message) => {
        const done = this.effects.includes(message.headers!.get('Lgsp-Idempotency-Key'));
        if (done) message.respond(JSON.stringify({ parcel: 'sent' }));
        else this.fail(message, new BusError('not-found'));
      },
    });
    await this.connection.nats.flush();
  }

  private async take(message: Message): Promise<void> {
    const header = (name: string): string | undefined => message.headers?.get(name) || undefined;
    const call: Sent = {
      key: header('Lgsp-Idempotency-Key')!,
      transaction: header('Lgsp-Transaction-Id')!,
      dossier: header('Lgsp-Dossier'),
      recheck: header('Lgsp-Recheck'),
      body: JSON.parse(Buffer.from(message.data).toString('utf8')),
      at: Date.now(),
    };
    this.sent.push(call);
    const verdict = this.decide(call, this.sent.length);
    if (this.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
    const answer = (): void => void message.respond(JSON.stringify({ parcel: 'sent' }));
    if (call.recheck && this.effects.includes(call.key)) return answer();
    if (typeof verdict === 'object') return this.fail(message, new BusError(verdict.code, verdict));
    if (verdict !== 'ok' && verdict !== 'lose') return this.fail(message, new BusError(verdict));
    this.effects.push(call.key);
    if (verdict === 'ok') answer();
  }

  private fail(message: Message, error: BusError): void {
    const problem = toProblem(error);
    const headers = message.headers!;
    headers.set('Nats-Service-Error-Code', String(problem.status));
    headers.set('Nats-Service-Error', problem.code);
    message.respond(JSON.stringify(problem), { headers });
  }
}

type Message = Parameters<
  NonNullable<
    Parameters<Awaited<ReturnType<BusConnection['nats']['services']['add']>>['addEndpoint']>[1] extends infer O
      ? O extends { handler?: infer H }
        ? H
        : never
      : never
  >
>[1];
