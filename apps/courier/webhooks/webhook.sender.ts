import { Agent, request } from 'undici';
import { subscriptionKey, type Subscription } from '#lgsp/events';
import type { JobSeal } from '#lgsp/jobs';
import { TargetRefused, type AllowedTargets } from './allowed.targets';
import { signedHeaders } from './webhook.signature';

/** What came of one sending. */
export interface WebhookResult {
  ok: boolean;
  /** `HTTP 204`, `timeout`, `unreachable`, `target-refused`, `redirect`. */
  result: string;
  /** The receiver says that it will never take anything again. */
  gone: boolean;
  retryAfterMs?: number;
  ms: number;
}

/** How much of an answer is read, in bytes: only its status matters. */
const answerBytesMax = 16_384;
const connectionsMax = 4;
const retryAfterMsMax = 3_600_000;

/** Sends single messages to the addresses of subscriptions. Redirects are not followed: they could lead anywhere. */
export class WebhookSender {
  private readonly agent: Agent;

  constructor(
    private readonly targets: AllowedTargets,
    private readonly seal: JobSeal,
    /** How long a receiver may take, in milliseconds. */
    private readonly timeoutMs: number,
  ) {
    this.agent = new Agent({
      connect: { lookup: targets.lookup, timeout: 5_000 },
      connections: connectionsMax,
      maxResponseSize: answerBytesMax,
    });
  }

  async send(subscription: Subscription, id: string, body: string, signal?: AbortSignal): Promise<WebhookResult> {
    const startedAt = performance.now();
    const told = (result: string, more: Partial<WebhookResult> = {}): WebhookResult => ({
      ok: false,
      gone: false,
      result,
      ms: Math.round(performance.now() - startedAt),
      ...more,
    });
    const url = new URL(subscription.url);
    if (!this.targets.allowsHost(url.hostname)) return told('target-refused');
    const late = AbortSignal.timeout(this.timeoutMs);
    try {
      const secret = this.seal.open(Buffer.from(subscription.secret, 'base64'), subscriptionKey(subscription));
      const {
        statusCode: status,
        headers,
        body: answer,
      } = await request(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'lgsp-webhooks/1',
          ...signedHeaders(secret, { id, body }),
        },
        body,
        signal: signal ? AbortSignal.any([late, signal]) : late,
        dispatcher: this.agent,
      });
      await answer.dump({ limit: answerBytesMax });
      const ok = status >= 200 && status < 300;
      return told(status >= 300 && status < 400 ? 'redirect' : `HTTP ${status}`, {
        ok,
        gone: status === 410,
        retryAfterMs: pauseOf(headers['retry-after']),
      });
    } catch (error) {
      return told(reasonOf(error, late.aborted));
    }
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }
}

function reasonOf(error: unknown, late: boolean): string {
  const { cause, code } = (error ?? {}) as { cause?: unknown; code?: string };
  if (error instanceof TargetRefused || cause instanceof TargetRefused) return 'target-refused';
  if (late || code === 'UND_ERR_CONNECT_TIMEOUT') return 'timeout';
  return 'unreachable';
}

function pauseOf(header: string | string[] | undefined): number | undefined {
  const seconds = Number(header);
  return seconds > 0 ? Math.min(retryAfterMsMax, seconds * 1_000) : undefined;
}
