import { randomUUID } from 'node:crypto';
import { BusClient, busHeaders, type BusConnection, type HeaderPairs } from '#lgsp/bus';
import { startNats, type TestNats } from '#lgsp/bus/testing';
import { loadConfig } from '#lgsp/config';
import type { Problem } from '#lgsp/errors';
import { createLogger } from '#lgsp/telemetry';
import {
  feedSubjectOf,
  startConnector,
  subjectOf,
  type ConnectorConfig,
  type ConnectorParts,
  type RunningConnector,
} from '..';

/** What the contract needs of a stand-in; the sandbox's have it. */
export interface ContractStandIn {
  /** What the connector must be told to reach it. */
  readonly env: Record<string, string>;
  /** Requests that came, and of those the ones whose caller hung up before the answer. */
  readonly requests: number;
  readonly aborted: number;
  readonly effects: { list(): { kind: string; key: string; count: number }[] };
  setFault(fault: { kind: string; delayMs?: number; times?: number } | undefined): Promise<void>;
  stop(): Promise<void>;
}

/** A stand-in that also remembers what must stay secret. */
export interface WatchfulStandIn extends ContractStandIn {
  /** What callers presented to be let in, without the words around it: tokens, keys, proofs. */
  readonly credentials: ReadonlySet<string>;
}

export interface CallOptions {
  /** How long the caller waits, in milliseconds. */
  timeoutMs?: number;
  /** Bus headers beside those that every call gets; undefined takes one away. */
  headers?: HeaderPairs;
  /** Ask what became of the command instead of sending it. */
  outcome?: boolean;
}

export interface CallResult {
  /** The output, when the call succeeded. */
  output?: Record<string, unknown>;
  /** The problem, when it did not. */
  problem?: Problem;
  code: string;
  ms: number;
  attempts: number;
}

/** A context in which every operation may be called; all of it invented. */
const context: HeaderPairs = {
  [busHeaders.client]: 'contract-test',
  [busHeaders.agency]: 'H24.11',
  [busHeaders.officer]: 'canbo.mau',
  [busHeaders.dossier]: 'H24.11-261101-0001',
  [busHeaders.procedure]: '1.001193',
  [busHeaders.purpose]: 'contract-test',
};

const callTimeoutMs = 8_000;

/** One connector under test, in this process, between a real NATS and its stand-in. */
export class ConnectorHarness<C extends ConnectorConfig = ConnectorConfig> {
  readonly logLines: string[] = [];
  private nats!: TestNats;
  private connection!: BusConnection;
  private client!: BusClient;
  connector!: RunningConnector;
  standIn!: ContractStandIn;

  constructor(
    readonly parts: ConnectorParts<C>,
    private readonly startStandIn: () => Promise<ContractStandIn>,
  ) {}

  /** @param settings environment of the connector beside what its stand-in gives */
  async start(settings: Record<string, string> = {}): Promise<void> {
    [this.nats, this.standIn] = await Promise.all([startNats(), this.startStandIn()]);
    this.connection = await this.nats.connect();
    this.client = new BusClient(this.connection);
    const config = loadConfig(this.parts.config, {
      ...this.standIn.env,
      LGSP_NATS_URL: this.nats.url,
      LGSP_UPSTREAM_RETRY_MS: '5',
      // Each fault is tried many times in a row here: the breaker has tests of its own.
      LGSP_UPSTREAM_FAILURES_MAX: '1000',
      ...settings,
    });
    const destination = { write: (line: string) => void this.logLines.push(line) };
    const log = createLogger({ app: this.parts.definition.name, level: 'debug', destination });
    this.connector = await startConnector(this.parts, { config, log });
  }

  /** Also after a start that failed half-way: a server left behind would keep the tests from their end. */
  async stop(): Promise<void> {
    const started: ({ stop(): Promise<void> } | undefined)[] = [this.connector, this.standIn, this.nats];
    for (const each of started) await each?.stop();
  }

  async call(verb: string, input: unknown, options: CallOptions = {}): Promise<CallResult> {
    const { timeoutMs = callTimeoutMs, headers, outcome = false } = options;
    const subject = subjectOf(this.parts.definition, verb) + (outcome ? '.outcome' : '');
    const pairs = {
      ...context,
      [busHeaders.transactionId]: randomUUID(),
      [busHeaders.idempotencyKey]: randomUUID(),
      ...headers,
    };
    return this.exchange(subject, input, timeoutMs, pairs);
  }

  /** Asks beside an operation, or beside a list of changes by its kebab-case name: `.progress`, `.feed`, `.acknowledge`. */
  ask(name: string, suffix: string, question: unknown): Promise<CallResult> {
    const { definition } = this.parts;
    const subject = name in definition.operations ? subjectOf(definition, name) : feedSubjectOf(definition, name);
    return this.exchange(`${subject}${suffix}`, question, callTimeoutMs, {});
  }

  private async exchange(subject: string, input: unknown, timeoutMs: number, pairs: HeaderPairs): Promise<CallResult> {
    const startedAt = performance.now();
    const body = input === undefined ? new Uint8Array() : Buffer.from(JSON.stringify(input));
    const answer = await this.client.request(subject, body, Date.now() + timeoutMs, pairs);
    const parsed = JSON.parse(Buffer.from(answer.body).toString('utf8')) as unknown;
    return {
      ...(answer.errorCode ? { problem: parsed as Problem } : { output: parsed as Record<string, unknown> }),
      code: answer.errorCode ?? 'ok',
      ms: performance.now() - startedAt,
      attempts: Number(answer.header(busHeaders.upstreamAttempts)),
    };
  }

  /** How many things the stand-in has done in all, double ones included. */
  effectCount(): number {
    return this.standIn.effects.list().reduce((sum, { count }) => sum + count, 0);
  }
}
