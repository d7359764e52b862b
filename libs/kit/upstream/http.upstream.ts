import { Pool, type Dispatcher } from 'undici';
import { BusError, type Text } from '#lgsp/errors';
import { startSpan } from '#lgsp/telemetry';
import type { UpstreamCall } from '../call';
import { connectorOf } from './certificate.watch';
import { Resilience } from './resilience';
import { failureOf, failureOfStatus, invalidAnswer, type Repeatable } from './upstream.failure';
import type { UpstreamRuntime } from './upstream.runtime';

export interface UpstreamRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path below the base URL, with its own query if it has one. */
  path: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Has no effect at the outside system; what a query sends always is, unless said otherwise. */
  repeatable?: Repeatable;
  /** Statuses beside 2xx that the upstream client wants to read itself. */
  accept?: readonly number[];
  /** What an accepted answer says of the outside system being sick: it counts, and is repeated, as a failing status is. */
  failure?: (answer: UpstreamAnswer) => BusError | undefined;
}

export interface UpstreamAnswer {
  status: number;
  /** Media type without parameters, lower case. */
  contentType: string;
  body: Buffer;
}

/** Adds what proves who we are to each request, and learns when the outside system no longer believes it. */
export interface UpstreamAuth {
  headers(call: UpstreamCall, request: UpstreamRequest): Promise<Record<string, string>> | Record<string, string>;
  /** A 401 came: forget what was cached. Says whether another attempt can help. */
  refused?(): boolean;
}

/**
 * One outside system over HTTP: a pool of connections, size limit, the call's deadline over the whole exchange (also when
 * bytes drip in), retry, breaker, bulkhead, metrics, and every failure as its own code.
 */
export class HttpUpstream {
  private readonly pool: Pool;
  private readonly basePath: string;
  private readonly resilience: Resilience;

  constructor(
    private readonly runtime: UpstreamRuntime,
    baseUrl: string,
    private readonly auth?: UpstreamAuth,
  ) {
    const url = new URL(baseUrl);
    this.basePath = url.pathname.replace(/\/$/, '');
    this.pool = new Pool(url.origin, {
      connections: runtime.config.inFlightMax,
      connect: connectorOf(runtime.config.connectMs, (expiresAt) => runtime.reportCertificate(url.origin, expiresAt)),
      keepAliveTimeout: 4_000,
      pipelining: 1,
    });
    this.resilience = new Resilience(runtime);
    runtime.onStop(() => this.pool.destroy());
  }

  /** @throws BusError as the failure rules of this library say (upstream.failure.ts) */
  async send(call: UpstreamCall, request: UpstreamRequest): Promise<UpstreamAnswer> {
    const repeatable = request.repeatable ?? call.kind === 'query';
    return this.resilience.run(call, repeatable, async () => {
      const answer = await this.measured(call, request, repeatable);
      // A refused credential did nothing yet: after a new one even a command may be sent again.
      if (answer.status === 401 && this.auth?.refused?.()) {
        return this.checked(await this.measured(call, request, repeatable), request, repeatable);
      }
      return this.checked(answer, request, repeatable);
    });
  }

  /** The error for an answer that cannot be understood. */
  invalid(call: UpstreamCall, why: Text, repeatable?: Repeatable): BusError {
    return invalidAnswer(call, why, repeatable);
  }

  private checked(
    answer: UpstreamAnswer & { retryAfterMs?: number },
    request: UpstreamRequest,
    repeatable: Repeatable,
  ) {
    const { status } = answer;
    if ((status >= 200 && status < 300) || request.accept?.includes(status)) {
      const failure = request.failure?.(answer);
      if (failure) throw failure;
      return answer;
    }
    if (status === 401 || status === 403) {
      this.runtime.log.error({ status }, 'the outside system refuses our credentials');
    }
    throw failureOfStatus(status, repeatable, answer.retryAfterMs);
  }

  private async measured(call: UpstreamCall, request: UpstreamRequest, repeatable: Repeatable) {
    const { system, metrics } = this.runtime;
    const { operation } = call;
    const startedAt = performance.now();
    const attempt = call.attempts + 1;
    const span = startSpan(`${request.method} ${system}`, 'client', call.traceparent, { system, operation, attempt });
    let result = 'ok';
    let status: number | undefined;
    try {
      const answer = await this.exchange(call, request, repeatable);
      status = answer.status;
      if (answer.status >= 400) result = `http-${answer.status}`;
      return answer;
    } catch (error) {
      const failure = failureOf(error, repeatable);
      result = failure.code;
      throw failure;
    } finally {
      const ms = performance.now() - startedAt;
      call.attempts++;
      call.upstreamMs += ms;
      span?.end({ code: result, status });
      metrics.counter('lgsp_upstream_attempts_total', { system, operation, result }).inc();
      metrics.histogram('lgsp_upstream_duration_seconds', { system, operation }).observe(ms / 1000);
    }
  }

  private async exchange(
    call: UpstreamCall,
    request: UpstreamRequest,
    repeatable: Repeatable,
  ): Promise<UpstreamAnswer & { retryAfterMs?: number }> {
    const proof = await this.auth?.headers(call, request);
    const response = await this.pool.request({
      method: request.method,
      path: `${this.basePath}${request.path}`,
      headers: { ...request.headers, ...proof },
      body: request.body,
      signal: call.signal,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const body = await this.read(call, response, repeatable);
    const contentType = String(response.headers['content-type'] ?? '')
      .split(';')[0]!
      .trim()
      .toLowerCase();
    const retryAfter = Number(response.headers['retry-after']);
    return {
      status: response.statusCode,
      contentType,
      body,
      retryAfterMs: retryAfter > 0 ? retryAfter * 1_000 : undefined,
    };
  }

  private async read(call: UpstreamCall, { body }: Dispatcher.ResponseData, repeatable: Repeatable): Promise<Buffer> {
    const { answerBytesMax } = this.runtime.config;
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > answerBytesMax) {
        body.destroy();
        const why = {
          en: `the answer is larger than ${answerBytesMax} bytes`,
          vi: `phản hồi lớn hơn ${answerBytesMax} byte`,
        };
        throw this.invalid(call, why, repeatable);
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }
}
