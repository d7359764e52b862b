import { randomBytes, randomUUID } from 'node:crypto';
import { busHeaders, headerLengthMax, type HeaderPairs, type Probed } from '#lgsp/bus';
import { traceIdOf } from '#lgsp/telemetry';
import type { CheckRun } from './check.run';
import { shorten } from './conformance.report';
import type { DescribedOperation } from './described.operation';
import { readJson } from './json.text';

export interface Sending {
  /** A string is sent as it is, anything else as JSON. */
  body: unknown;
  /** Beside the usual ones; undefined takes one away. */
  headers?: HeaderPairs;
  /** How long after now its deadline is; negative for one that has passed. */
  deadlineMs?: number;
  waitMs?: number;
  /** Ask what became of the command instead. */
  outcome?: boolean;
}

/** What was sent and what came, for judgement and for showing. */
export interface Exchange {
  sent: string;
  came: string;
  probed: Probed;
  /** Error headers as they came; undefined where there are none. */
  code?: string;
  status?: string;
  body: unknown;
  /** Answered, and without an error header. */
  succeeded: boolean;
}

/** Who calls, for whom and why; all of it invented. */
const context: HeaderPairs = {
  [busHeaders.client]: 'conformance-check',
  [busHeaders.agency]: 'H24.11',
  [busHeaders.officer]: 'canbo.mau',
  [busHeaders.dossier]: 'H24.11-261101-0001',
  [busHeaders.procedure]: '1.001193',
  [busHeaders.purpose]: 'conformance-check',
};

const serialsMax = 10_000;

/** A dossier code of its own, so that a command does not meet what an earlier one left. */
export const freshDossier = (): string =>
  `H24.11-261103-${String(Math.floor(Math.random() * serialsMax)).padStart(4, '0')}`;

/** Calls of one operation, as the gateway would send them but for what a check changes. */
export class OperationCalls {
  constructor(
    readonly run: CheckRun,
    readonly operation: DescribedOperation,
  ) {}

  /** The example's input; only where there is one. */
  get input(): Record<string, unknown> {
    return this.operation.example!.input as Record<string, unknown>;
  }

  async send({ body, headers = {}, deadlineMs, waitMs, outcome = false }: Sending): Promise<Exchange> {
    const { probe, options } = this.run;
    const { kind, timeoutMs } = this.operation;
    const subject = this.operation.subject + (outcome ? '.outcome' : '');
    const pairs: HeaderPairs = {
      ...context,
      [busHeaders.transactionId]: randomUUID(),
      [busHeaders.traceparent]: `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`,
      [busHeaders.deadline]: String(Date.now() + (deadlineMs ?? timeoutMs)),
      ...(kind === 'command' ? { [busHeaders.idempotencyKey]: randomUUID() } : {}),
      ...options.headers,
      ...headers,
    };
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const probed = await probe.ask(subject, Buffer.from(text), pairs, waitMs ?? timeoutMs + options.graceMs);
    const notable = [
      ...Object.keys(headers),
      ...(deadlineMs === undefined ? [] : [busHeaders.deadline]),
      ...(kind === 'command' ? [busHeaders.idempotencyKey] : []),
    ];
    const exchange = readExchange(`${subject} ${text || '(nothing)'}${headersText(pairs, notable)}`, probed);
    this.judgeHeaders(exchange, pairs);
    return exchange;
  }

  private judgeHeaders({ sent, probed }: Exchange, given: HeaderPairs): void {
    if (probed.kind !== 'answer') return;
    const { verdicts } = this.run;
    const faults = headerFaults(probed.headers, given);
    if (faults.length === 0) verdicts.keep('headers.answer');
    for (const [name, expected] of faults) {
      const came = `${name}: ${probed.headers.get(name)}`;
      verdicts.break('headers.answer', this.operation.subject, { sent, came, expected });
    }
  }
}

function readExchange(sent: string, probed: Probed): Exchange {
  if (probed.kind === 'nobody') {
    return { sent, came: 'nobody listens there', probed, body: undefined, succeeded: false };
  }
  if (probed.kind === 'silence') {
    return { sent, came: `nothing within ${probed.waitedMs} ms`, probed, body: undefined, succeeded: false };
  }
  const text = Buffer.from(probed.body).toString('utf8');
  const code = probed.headers.get(busHeaders.errorCode) || undefined;
  const status = probed.headers.get(busHeaders.errorStatus) || undefined;
  const head = code || status ? `${busHeaders.errorStatus}: ${status}, ${busHeaders.errorCode}: ${code} ` : '';
  const came = `${head}${text || '(nothing)'} after ${Math.round(probed.ms)} ms`;
  return { sent, came: shorten(came), probed, code, status, body: readJson(text), succeeded: !code && !status };
}

function headersText(pairs: HeaderPairs, notable: readonly string[]): string {
  const lines = [...new Set(notable)].map((name) =>
    pairs[name] === undefined ? `without ${name}` : `${name}: ${pairs[name]}`,
  );
  return lines.length === 0 ? '' : ` · ${lines.join(', ')}`;
}

/** What is wrong with the headers of an answer: each by its name, with what it should be. */
function headerFaults(headers: ReadonlyMap<string, string>, given: HeaderPairs): [string, string][] {
  const traceparent = headers.get(busHeaders.traceparent);
  const rules: [string, boolean, string][] = [
    [busHeaders.upstreamAttempts, /^\d{1,7}$/.test(value(busHeaders.upstreamAttempts)), 'a whole number of calls'],
    [busHeaders.upstreamMs, /^\d+(\.\d+)?$/.test(value(busHeaders.upstreamMs)), 'milliseconds'],
    [busHeaders.linkedDossier, isVisible(value(busHeaders.linkedDossier)), '1 to 255 visible ASCII characters'],
    [
      busHeaders.transactionId,
      value(busHeaders.transactionId) === given[busHeaders.transactionId],
      `${given[busHeaders.transactionId]}, as it was given`,
    ],
    [
      busHeaders.traceparent,
      traceparent !== undefined && traceIdOf(traceparent) === traceIdOf(given[busHeaders.traceparent] ?? ''),
      `the trace of ${given[busHeaders.traceparent]}`,
    ],
  ];
  return rules.filter(([name, kept]) => headers.has(name) && !kept).map(([name, , expected]) => [name, expected]);

  function value(name: string): string {
    return headers.get(name) ?? '';
  }
}

const isVisible = (text: string): boolean => text.length <= headerLengthMax && /^[\x21-\x7e]+$/.test(text);
