import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { busHeaders, parseOperationSubject } from '#lgsp/bus';
import type { ClientRecord } from '#lgsp/clients';
import {
  acceptedStatus,
  commandCallOf,
  type AdmittedCall,
  type CallAnswer,
  type CallRecords,
  type Commands,
  type Dispatcher,
  type Ended,
} from '#lgsp/dispatch';
import { BusError, languageOf, type FieldError, type Language, type Text } from '#lgsp/errors';
import { isTraceParent, startSpan, type Logger } from '#lgsp/telemetry';
import { contextHeaderNames, type Admission } from '../admission/admission';
import type { Catalogue } from '../catalogue/catalogue';
import type { OperationEntry } from '../catalogue/service.description';
import type { Inflight } from '../limits/inflight';
import type { LastFailures } from '../status/last.failures';
import { asBusError } from '../problems/problem.filter';
import { sendProblem } from '../problems/problem.reply';
import { deprecationHeaders } from './deprecation.headers';
import type { LaterCommands } from './later.commands';
import { sayAccepted, sendAnswer } from './send.answer';
import { newTraceParent } from './trace.parent';
import { newTransactionId } from '#lgsp/records';
import type { TransactionMetrics } from './transaction.metrics';

type RoutedCall = AdmittedCall & { operation: OperationEntry };
type CallRequest = FastifyRequest<{
  /** The version is left out where it is the first one. */
  Params: { version?: string; system: string; operation: string };
  Body: Buffer | undefined;
}>;

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls, known once the key is verified. */
    lgspClient: ClientRecord | null;
  }
}

/** What the door needs of the other rooms of the gateway. */
export interface TransactionParts {
  catalogue: Catalogue;
  admission: Admission;
  inflight: Inflight;
  commands: Commands;
  records: CallRecords;
  dispatcher: Dispatcher;
  /** Absent where no command is accepted before it was sent. */
  later?: LaterCommands;
  metrics: TransactionMetrics;
  failures: LastFailures;
  log: Logger;
}

const firstVersion = 'v1';
/** Beside the one for the first version, which is by far the most called: a fixed address is found sooner. */
const addresses = [`/${firstVersion}/:system/:operation`, '/:version(^v[1-9][0-9]?$)/:system/:operation'];
const name = /^[a-z][a-z0-9-]{0,63}$/;
const empty = Buffer.alloc(0);
const onceHeaders = [...contextHeaderNames, 'idempotency-key', 'lgsp-deadline-ms'];
const noQuery: Text = {
  en: 'an operation takes no query string: nothing of a call belongs into its address',
  vi: 'dịch vụ không nhận tham số trên địa chỉ: không đưa nội dung nào của lượt gọi vào địa chỉ',
};
const repeatedHeader: Text = {
  en: 'a header of the call is there more than once',
  vi: 'một tiêu đề của lượt gọi bị lặp lại',
};

/**
 * `POST /v1/{system}/{operation}`, and `/v2/…` for the second version of an operation: admit, dispatch, answer. It is a route of Fastify itself and not a Nest controller, since
 * it relays bytes: there is nothing for pipes, interceptors and serialisers to do, and every transaction would pay for them.
 */
export class TransactionsRoute {
  constructor(private readonly parts: TransactionParts) {}

  register(app: FastifyInstance): void {
    app.decorateRequest('lgspClient', null);
    for (const address of addresses) this.registerAt(app, address);
  }

  private registerAt(app: FastifyInstance, address: string): void {
    app.post(address, {
      // Before the body is read: nobody unknown can make the gateway hold megabytes.
      onRequest: (request, _reply, done) => this.identify(request as CallRequest, done),
      handler: (request, reply) => void this.handle(request as CallRequest, reply).catch((error) => reply.send(error)),
      errorHandler: (error, request, reply) => this.refuse(error, request as CallRequest, reply),
    });
  }

  /** At once for whoever was seen before: a promise for each call would cost more than all that is done here. */
  private identify(request: CallRequest, done: HookHandlerDoneFunction): void {
    try {
      refuseQueries(request);
      refuseRepeatedHeaders(request);
      const found = this.parts.admission.identify(request.headers);
      if (found instanceof Promise) return void this.verify(request, found, done);
      this.enter(request, found);
    } catch (error) {
      return done(error as Error);
    }
    done();
  }

  private async verify(request: CallRequest, found: Promise<ClientRecord>, done: HookHandlerDoneFunction) {
    try {
      this.enter(request, await found);
    } catch (error) {
      return done(error as Error);
    }
    done();
  }

  private enter(request: CallRequest, client: ClientRecord): void {
    request.lgspClient = client;
    this.parts.admission.checkAddress(client, request.raw);
  }

  private async handle(request: CallRequest, reply: FastifyReply): Promise<void> {
    const receivedAt = Date.now();
    const { headers, params } = request;
    const { version = firstVersion, system } = params;
    const client = request.lgspClient!;
    const { admission, catalogue, inflight, records } = this.parts;
    const language = languageOf(headers['accept-language']);
    refuseForms(request);
    const operation =
      catalogue.find(version, system, params.operation) ?? (await this.look(version, system, params.operation));
    const admitted = admission.admit(client, system, operation, headers, language);
    const deadline = deadlineOf(headers['lgsp-deadline-ms'], operation, language);
    if (operation.deprecatedSince !== undefined) this.tellDeprecation(system, operation, version, reply);
    records.checkReady();
    inflight.enter(system, operation.kind);
    try {
      await admission.count(client, system, (header, value) => void reply.header(header, value));
      const { traceparent } = headers;
      if (isTraceParent(traceparent)) admitted.headers[busHeaders.traceparent] = traceparent;
      if (language === 'vi') admitted.headers[busHeaders.language] = language;
      const body = request.body ?? empty;
      const call = {
        client,
        mode: this.parts.later?.modeOf(operation, headers.prefer) ?? ('sync' as const),
        system,
        operation,
        body,
        headers: admitted.headers,
        receivedAt,
        deadline,
        language,
      };
      await this.transact(call, reply);
    } finally {
      inflight.leave(system);
    }
  }

  /**
   * An admitted call. A command may still be refused for its idempotency key, and either when it cannot be recorded; else the
   * answer has the id of a transaction whose record is durable.
   */
  private async transact(call: RoutedCall, reply: FastifyReply): Promise<void> {
    const { metrics, failures } = this.parts;
    const { system, operation } = call;
    const startedAt = performance.now();
    const newId = newTransactionId();
    const span = this.trace(call, newId, reply);
    metrics.begin(system);
    try {
      const { answer, transactionId, replayed } =
        operation.kind === 'command'
          ? await (call.mode === 'async' ? this.parts.later!.accept(call, newId) : this.command(call, newId))
          : { answer: await this.query(call, newId), transactionId: newId, replayed: false };
      reply.header('lgsp-transaction-id', transactionId);
      if (replayed) reply.header('idempotency-replayed', 'true');
      if (answer.status === acceptedStatus) sayAccepted(reply, transactionId);
      sendAnswer(reply, answer);
      span?.end({ transaction: transactionId, code: answer.code ?? 'ok', status: answer.status });
      if (answer.code !== undefined && answer.status >= 500) failures.note(system, answer.code);
      if (replayed) metrics.replayed(system, operation.operation, answer.status);
      else metrics.answered(system, operation.operation, answer.status, performance.now() - startedAt, answer.code);
    } catch (error) {
      span?.end({ code: asBusError(error).code });
      throw error;
    } finally {
      metrics.end(system);
    }
  }

  /** Goes on with the caller's trace, or begins one. The span only when this process is traced. */
  private trace({ client, system, operation, headers }: AdmittedCall, transaction: string, reply: FastifyReply) {
    const given = headers[busHeaders.traceparent];
    const facts = { system, operation: operation.operation, transaction, client: client.id };
    const address = (): string =>
      `POST /${parseOperationSubject(operation.subject)?.version}/${system}/${operation.operation}`;
    const span = startSpan(address, 'server', given, facts);
    const traceparent = span?.traceparent ?? given ?? newTraceParent();
    headers[busHeaders.traceparent] = traceparent;
    reply.header('traceparent', traceparent);
    return span;
  }

  private query(call: AdmittedCall, newId: string): Promise<CallAnswer> {
    const { dispatcher, records } = this.parts;
    return dispatcher.query(call, records.open(call), newId);
  }

  private command(call: AdmittedCall, newId: string): Promise<Ended> {
    const { commands, dispatcher, records } = this.parts;
    return commands.run(commandCallOf(call), newId, dispatcher.senderOf(call, records.open(call)));
  }

  /** A call that did not pass the door: it is a request, and no transaction. */
  private refuse(thrown: unknown, request: CallRequest, reply: FastifyReply): void {
    const error = asBusError(thrown);
    const { version = firstVersion, system, operation } = request.params;
    const isName = name.test(system) && name.test(operation);
    const known = isName && this.parts.catalogue.find(version, system, operation) !== undefined;
    const labels = known ? ([system, operation] as const) : ([] as const);
    this.parts.metrics.refuse(request.lgspClient?.id ?? 'none', error, ...labels);
    this.tell(error, request);
    sendProblem(reply, error, languageOf(request.headers['accept-language']));
  }

  /** What is not known yet. @throws BusError `unknown-operation` */
  private async look(version: string, system: string, operation: string): Promise<OperationEntry> {
    const { catalogue } = this.parts;
    if (!name.test(system) || !name.test(operation)) throw new BusError('unknown-operation');
    const found = await catalogue.look(version, system, operation);
    if (found) return found;
    const versions = catalogue.versionsOf(system, operation);
    throw new BusError('unknown-operation', { detail: versions.length > 0 ? otherVersions(versions) : undefined });
  }

  private tellDeprecation(system: string, operation: OperationEntry, version: string, reply: FastifyReply): void {
    const versions = this.parts.catalogue.versionsOf(system, operation.operation);
    for (const [header, value] of deprecationHeaders(system, operation, version, versions)) reply.header(header, value);
  }

  private tell(error: BusError, { params }: CallRequest): void {
    const { log } = this.parts;
    const [system, operation] = [params.system.slice(0, 64), params.operation.slice(0, 64)];
    const line = { system, operation, code: error.code };
    if (error.code === 'internal') log.error({ ...line, err: error }, 'a call failed unexpectedly');
    else if (error.row.status >= 500) log.info(line, 'a call failed');
    else log.debug(line, 'a call was refused');
  }
}

const otherVersions = (versions: readonly string[]): Text => ({
  en: `not in this version, which is the first part of the address; it is offered as ${versions.join(', ')}`,
  vi: `không có ở phiên bản này (phần đầu của địa chỉ); dịch vụ đang có phiên bản ${versions.join(', ')}`,
});

/** An operation takes no query: what stands in an address is written into logs on its way, and may be a secret. */
function refuseQueries({ url }: CallRequest): void {
  if (url.includes('?')) throw new BusError('malformed-request', { detail: noQuery });
}

/** Node joins a repeated header with a comma: which of the values was meant is not for the gateway to guess. */
function refuseRepeatedHeaders({ headers, raw: { rawHeaders } }: CallRequest): void {
  for (const name of onceHeaders) {
    const value = headers[name];
    if (typeof value !== 'string' || !value.includes(', ')) continue;
    const times = rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === name).length;
    if (times > 1) throw new BusError('malformed-request', { detail: repeatedHeader });
  }
}

/** A form is read by the token endpoint only: here it is no body. */
function refuseForms({ body }: CallRequest): void {
  if (body && !Buffer.isBuffer(body)) throw new BusError('unsupported-media-type');
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
