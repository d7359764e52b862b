import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BusClient, busHeaders, type BusAnswer } from '#lgsp/bus';
import type { ClientRecord } from '#lgsp/clients';
import { BusError, fromProblem, languageOf, type FieldError, type Language } from '#lgsp/errors';
import type { Logger } from '#lgsp/telemetry';
import type { Admission, Admitted } from '../admission/admission';
import type { Catalogue } from '../catalogue/catalogue';
import type { OperationEntry } from '../catalogue/service.description';
import { asBusError } from '../problems/problem.filter';
import { sendProblem } from '../problems/problem.reply';
import { traceParentOf } from './trace.parent';
import { newTransactionId } from './transaction.id';
import type { TransactionMetrics } from './transaction.metrics';

type CallRequest = FastifyRequest<{ Params: { system: string; operation: string }; Body: Buffer | undefined }>;

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls, known once the key is verified. */
    lgspClient: ClientRecord | null;
  }
}

interface Dispatch {
  admitted: Admitted;
  /** Epoch milliseconds. */
  deadline: number;
  transactionId: string;
}

const name = /^[a-z][a-z0-9-]{0,63}$/;
const empty = Buffer.alloc(0);

/**
 * `POST /v1/{system}/{operation}`: admit, dispatch, answer. It is a route of Fastify itself and not a Nest controller, since
 * it relays bytes: there is nothing for pipes, interceptors and serialisers to do, and every transaction would pay for them.
 */
export class TransactionsRoute {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly admission: Admission,
    private readonly bus: BusClient,
    private readonly observer: { metrics: TransactionMetrics; log: Logger },
  ) {}

  register(app: FastifyInstance): void {
    app.decorateRequest('lgspClient', null);
    app.post('/v1/:system/:operation', {
      // Before the body is read: nobody unknown can make the gateway hold megabytes.
      onRequest: async (request) => this.identify(request as CallRequest),
      preValidation: async (request) => refuseForms(request as CallRequest),
      handler: (request, reply) => this.handle(request as CallRequest, reply),
      errorHandler: (error, request, reply) => this.refuse(error, request as CallRequest, reply),
    });
  }

  private async identify(request: CallRequest): Promise<void> {
    const found = this.admission.identify(request.headers);
    request.lgspClient = found instanceof Promise ? await found : found;
  }

  private async handle(request: CallRequest, reply: FastifyReply): Promise<void> {
    const { headers, params } = request;
    const client = request.lgspClient!;
    const language = languageOf(headers['accept-language']);
    const operation = await this.operationOf(params.system, params.operation);
    const admitted = this.admission.admit(client, params.system, operation, headers, language);
    const deadline = deadlineOf(headers['lgsp-deadline-ms'], operation, language);
    await this.admission.count(client, params.system, (header, value) => void reply.header(header, value));
    const transactionId = newTransactionId();
    reply.header('lgsp-transaction-id', transactionId);
    await this.transact(request, reply, operation, { admitted, deadline, transactionId });
    await reply;
  }

  /** An admitted call: whatever happens from here on, it is answered with its transaction id. */
  private async transact(
    request: CallRequest,
    reply: FastifyReply,
    operation: OperationEntry,
    call: Dispatch,
  ): Promise<void> {
    const { metrics } = this.observer;
    const { system } = request.params;
    const startedAt = performance.now();
    let status = 200;
    metrics.begin(system);
    try {
      const answer = await this.dispatch(request, reply, operation, call);
      if (answer.errorCode) throw problemOf(answer);
      reply.code(200).header('content-type', 'application/json').header('cache-control', 'no-store').send(answer.body);
    } catch (thrown) {
      const error = asBusError(thrown);
      status = error.row.status;
      this.tell(error, request, call.transactionId);
      sendProblem(reply, error, languageOf(request.headers['accept-language']), call.transactionId);
    } finally {
      metrics.end(system, operation.operation, status, performance.now() - startedAt);
    }
  }

  /** A call that did not pass the door: it is a request, and no transaction. */
  private refuse(thrown: unknown, request: CallRequest, reply: FastifyReply): void {
    const error = asBusError(thrown);
    const { system, operation } = request.params;
    const known = name.test(system) && name.test(operation) && this.catalogue.find(system, operation) !== undefined;
    const labels = known ? ([system, operation] as const) : ([] as const);
    this.observer.metrics.refuse(request.lgspClient?.id ?? 'none', error, ...labels);
    this.tell(error, request);
    sendProblem(reply, error, languageOf(request.headers['accept-language']));
  }

  private async operationOf(system: string, operation: string): Promise<OperationEntry> {
    if (!name.test(system) || !name.test(operation)) throw new BusError('unknown-operation');
    const found = this.catalogue.find(system, operation) ?? (await this.catalogue.look(system, operation));
    if (!found) throw new BusError('unknown-operation');
    return found;
  }

  private async dispatch(
    request: CallRequest,
    reply: FastifyReply,
    operation: OperationEntry,
    { admitted, deadline, transactionId }: Dispatch,
  ): Promise<BusAnswer> {
    const traceparent = traceParentOf(request.headers['traceparent']);
    reply.header('traceparent', traceparent);
    const { headers } = admitted;
    headers[busHeaders.transactionId] = transactionId;
    headers[busHeaders.traceparent] = traceparent;
    if (languageOf(request.headers['accept-language']) === 'vi') headers[busHeaders.language] = 'vi';
    try {
      return await this.bus.request(operation.subject, request.body ?? empty, deadline, headers);
    } catch (thrown) {
      throw lostAnswer(thrown, operation);
    }
  }

  private tell(error: BusError, { params }: CallRequest, transaction?: string): void {
    const { log } = this.observer;
    const [system, operation] = [params.system.slice(0, 64), params.operation.slice(0, 64)];
    const line = { transaction, system, operation, code: error.code };
    if (error.code === 'internal') log.error({ ...line, err: error }, 'a call failed unexpectedly');
    else if (error.row.status >= 500) log.info(line, 'a call failed');
    else log.debug(line, 'a call was refused');
  }
}

/** A form is read by the token endpoint only: here it is no body. */
function refuseForms({ body }: CallRequest): void {
  if (body && !Buffer.isBuffer(body)) throw new BusError('unsupported-media-type');
}

/** A command that was on its way when the answer was lost may have taken effect. */
function lostAnswer(thrown: unknown, { kind }: OperationEntry): BusError {
  const error = BusError.from(thrown);
  if (kind === 'query') return error;
  const sent = error.code === 'deadline-exceeded' || (error.code === 'bus-unavailable' && error.cause !== undefined);
  return sent ? new BusError('outcome-unknown', { retryAfterMs: 2_000, cause: error }) : error;
}

function problemOf(answer: BusAnswer): BusError {
  let body: unknown;
  try {
    body = JSON.parse(Buffer.from(answer.body).toString('utf8'));
  } catch {
    body = undefined; // A problem without a document: its code says enough.
  }
  return fromProblem(answer.errorCode!, body);
}

/** The caller may shorten the operation's time, and not lengthen it. */
function deadlineOf(asked: unknown, { timeoutMs }: OperationEntry, language: Language): number {
  const now = Date.now();
  if (asked === undefined) return now + timeoutMs;
  if (typeof asked !== 'string' || !/^[0-9]{1,9}$/.test(asked) || Number(asked) === 0) {
    const message = { en: 'must be a whole number of milliseconds', vi: 'phải là số nguyên mili giây' }[language];
    const errors: FieldError[] = [{ path: 'Lgsp-Deadline-Ms', rule: 'is-int', message }];
    throw new BusError('missing-context', { errors });
  }
  return now + Math.min(Number(asked), timeoutMs);
}
