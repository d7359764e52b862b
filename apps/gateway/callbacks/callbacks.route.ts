import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { busHeaders, type BusClient } from '#lgsp/bus';
import { BusError, fromProblem, languageOf, type Text } from '#lgsp/errors';
import type { CallbackAnswer } from '#lgsp/kit';
import type { ProgressLog } from '#lgsp/progress';
import { isTraceParent, startSpan, type Logger, type Metrics } from '#lgsp/telemetry';
import type { CallbackEntry, CallbackResult } from '../catalogue/callback.description';
import type { Catalogue } from '../catalogue/catalogue';
import type { Inflight } from '../limits/inflight';
import { asBusError } from '../problems/problem.filter';
import { sendProblem } from '../problems/problem.reply';
import { newTraceParent } from '../transactions/trace.parent';
import { readCallbackAnswer } from './callback.answer';
import type { CallbackDoor } from './callback.door';
import type { Submissions } from './submissions';

type CallbackHttpRequest = FastifyRequest<{ Params: { system: string; kind: string }; Body: Buffer | undefined }>;

declare module 'fastify' {
  interface FastifyRequest {
    /** Which callback it is, known once somebody is found who takes it. */
    lgspCallback: CallbackEntry | null;
  }
}

export interface CallbackParts {
  catalogue: Catalogue;
  door: CallbackDoor;
  inflight: Inflight;
  bus: BusClient;
  progress: ProgressLog;
  submissions: Submissions;
  metrics: Metrics;
  log: Logger;
}

const address = '/v1/callbacks/:system/:kind';
const name = /^[A-Za-z][\w-]{0,63}$/;
const visible = /^[\x20-\x7e]{1,4096}$/;
const empty = Buffer.alloc(0);
const noQuery: Text = {
  en: 'a callback takes no query string: what proves it belongs into its body or a header',
  vi: 'địa chỉ nhận phản hồi không có tham số: dữ liệu xác thực phải nằm trong nội dung hoặc tiêu đề',
};

/**
 * `POST /v1/callbacks/{system}/{kind}`: what outside systems send in by themselves. The connector of the system verifies it and
 * says what it tells and how it is answered; what it tells is durable before the answer leaves. Whoever is not answered sends it
 * again, and the same told twice is the same entry.
 */
export class CallbacksRoute {
  constructor(private readonly parts: CallbackParts) {}

  /** In a scope of its own, where bodies of any type come in as the bytes that they are. */
  register(app: FastifyInstance, bodyLimit: number): void {
    app.decorateRequest('lgspCallback', null);
    app.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) => done(null, body));
      scope.post(address, {
        onRequest: (request, reply) => this.admit(request as CallbackHttpRequest, reply),
        handler: (request, reply) => this.handle(request as CallbackHttpRequest, reply),
        errorHandler: (error, request, reply) => this.refuse(error, request as CallbackHttpRequest, reply),
      });
    });
  }

  /** Before the body is read. */
  private async admit(request: CallbackHttpRequest, reply: FastifyReply): Promise<void> {
    const { system, kind } = request.params;
    const { catalogue, door, inflight } = this.parts;
    const found = name.test(system) && name.test(kind) ? await catalogue.callback(system, kind) : undefined;
    if (!found) throw new BusError('unknown-route', { detail: unknownKind });
    request.lgspCallback = found;
    if (request.url.includes('?')) throw new BusError('malformed-request', { detail: noQuery });
    door.admit(system, request.raw);
    const { 'content-length': length, 'content-encoding': encoding = 'identity' } = request.headers;
    if (!found.mediaTypes.includes(mediaTypeOf(request)) || encoding !== 'identity')
      throw new BusError('unsupported-media-type');
    if (Number(length ?? 0) > found.bodyBytesMax) throw new BusError('body-too-large');
    inflight.enter(system, 'command');
    reply.raw.once('close', () => inflight.leave(system));
  }

  private async handle(request: CallbackHttpRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { system } = request.params;
    const callback = request.lgspCallback!;
    const body = request.body ?? empty;
    if (body.length > callback.bodyBytesMax) throw new BusError('body-too-large');
    const { traceparent: given } = request.headers;
    const facts = { system, operation: callback.kind };
    const span = startSpan('POST /v1/callbacks', 'server', isTraceParent(given) ? given : undefined, facts);
    const traceparent = span?.traceparent ?? (isTraceParent(given) ? given : newTraceParent());
    try {
      const answer = await this.ask(request, body, traceparent);
      await this.keep(request, answer, body);
      this.tell(answer.refused ?? 'accepted', request, answer.reply.status);
      span?.end({ code: answer.refused ?? 'ok', status: answer.reply.status });
      const { status, contentType, body: text } = answer.reply;
      return reply.code(status).header('content-type', contentType).header('cache-control', 'no-store').send(text);
    } catch (error) {
      span?.end({ code: asBusError(error).code });
      throw error;
    }
  }

  /** Lets the connector verify it. @throws BusError when it could not */
  private async ask(request: CallbackHttpRequest, body: Buffer, traceparent: string): Promise<CallbackAnswer> {
    const { subject, timeoutMs, headers: wanted } = request.lgspCallback!;
    const headers: Record<string, string> = {
      [busHeaders.traceparent]: traceparent,
      [busHeaders.mediaType]: mediaTypeOf(request),
    };
    for (const header of wanted) {
      const value = request.headers[header];
      if (typeof value === 'string' && visible.test(value)) headers[`${busHeaders.httpHeader}${header}`] = value;
    }
    const answer = await this.parts.bus.request(subject, body, Date.now() + timeoutMs, headers);
    if (answer.errorCode) throw fromProblem(answer.errorCode, problemOf(answer.body));
    return readCallbackAnswer(answer.body);
  }

  /** Makes what it tells durable. @throws BusError `bus-unavailable`, and then it is as if it had never come */
  private async keep(request: CallbackHttpRequest, answer: CallbackAnswer, body: Buffer): Promise<void> {
    if (answer.refused) return;
    const { progress, submissions } = this.parts;
    const { system } = request.params;
    // One after the other: they are few, and of one dossier in their order.
    for (const observation of answer.observations)
      await progress.append({ ...observation, system, source: 'callback' });
    if (!answer.submission) return;
    const given = { system, kind: request.lgspCallback!.kind, mediaType: mediaTypeOf(request), ...answer.submission };
    await submissions.keep(given, body);
  }

  private refuse(thrown: unknown, request: CallbackHttpRequest, reply: FastifyReply): void {
    let error = asBusError(thrown);
    const isOurs = error.row.status >= 500;
    if (error.code === 'internal') this.parts.log.error({ err: error }, 'a callback failed unexpectedly');
    // To whoever calls back it is one and the same: not now, send it again.
    if (isOurs && error.row.status !== 503) error = new BusError('connector-unavailable', { cause: error });
    this.tell(isOurs ? 'failed' : 'blocked', request, error.row.status, asBusError(thrown).code);
    sendProblem(reply, error, languageOf(request.headers['accept-language']));
  }

  /** Counts it, by the catalogue's names only, and writes one line, in which nothing of its body stands. */
  private tell(result: CallbackResult, request: CallbackHttpRequest, status: number, code?: string): void {
    const { metrics, log, door } = this.parts;
    const known = request.lgspCallback;
    const [system, kind] = known ? [request.params.system, known.kind] : ['unknown', 'unknown'];
    metrics.counter('lgsp_callbacks_total', { system, kind, result }).inc();
    const line = { system, callback: kind, result, status, code, address: door.addressOf(request.raw) };
    if (result === 'accepted') log.info(line, 'a callback was taken');
    else log.warn(line, 'a callback was not taken');
  }
}

const unknownKind: Text = {
  en: 'no connector takes callbacks of this kind from this system',
  vi: 'không có bộ kết nối nào nhận loại phản hồi này từ hệ thống này',
};

const mediaTypeOf = ({ headers }: CallbackHttpRequest): string =>
  (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();

function problemOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return undefined; // The code says enough.
  }
}
