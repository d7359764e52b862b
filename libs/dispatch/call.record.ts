import { createHmac } from 'node:crypto';
import { busHeaders } from '#lgsp/bus';
import type { Outcome } from '#lgsp/errors';
import type { Recorder } from '#lgsp/recorder';
import { bodyHash, placeOf, randomSalt, type TransactionRecord } from '#lgsp/records';
import { traceIdOf } from '#lgsp/telemetry';
import type { AdmittedCall } from './admitted.call';
import type { CallAnswer } from './call.answer';

/** What the way to the connector and back tells of a call. Times in epoch milliseconds. */
export interface Relayed extends CallAnswer {
  /** Absent when it was never sent. */
  sentAt?: number;
  /** Absent when no answer came. */
  returnedAt?: number;
  /** How often the outside system was called, and for how long in all. */
  attempts?: number;
  upstreamMs?: number;
  /** The other code of a dossier that has two. */
  linkedDossier?: string;
}

/** How a call ended, as it is written down. */
export interface CallEnd {
  outcome: Outcome;
  /** Whether it stands for ever. */
  final: boolean;
}

/** How long a record may still take when the call's own deadline is over: a call that timed out is recorded as well. */
const recordGraceMs = 2_000;
const officersRemembered = 10_000;

/**
 * Writes admitted calls down: a query before it is answered, a command before it is sent and before it is answered. Each
 * resolves once the record is durable.
 */
export class CallRecords {
  private readonly officers = new Map<string, string>();

  /** @param officerKey key of the hash under which officers are recorded; without it they are left out */
  constructor(
    private readonly recorder: Recorder,
    private readonly officerKey: string | undefined,
  ) {}

  /** @throws BusError `bus-unavailable`, `ledger-unavailable` when a call should not begin, since it could not be recorded */
  checkReady(): void {
    this.recorder.checkReady();
  }

  /** @param seed of an earlier record of the same request, for one that goes on elsewhere */
  open(call: AdmittedCall, seed?: RecordSeed): CallRecord {
    const officer = seed ? seed.officer : this.officerOf(call.headers[busHeaders.officer]);
    return new CallRecord(call, this.recorder, officer, seed && Buffer.from(seed.salt, 'base64url'));
  }

  private officerOf(officer: string | undefined): string | undefined {
    if (officer === undefined || this.officerKey === undefined) return undefined;
    let hashed = this.officers.get(officer);
    if (!hashed) {
      hashed = createHmac('sha256', this.officerKey).update(officer).digest('base64url').slice(0, 22);
      if (this.officers.size >= officersRemembered) this.officers.delete(this.officers.keys().next().value!);
      this.officers.set(officer, hashed);
    }
    return hashed;
  }
}

/** What the records of one call have in common beside the call itself. */
export interface RecordSeed {
  /** 16 random bytes, base64url. */
  salt: string;
  /** Keyed hash. */
  officer?: string;
}

/** The records of one call. Its salt and the hash of its request are the same in all of them. */
export class CallRecord {
  private requestHash?: string;

  constructor(
    private readonly call: AdmittedCall,
    private readonly recorder: Recorder,
    private readonly officer: string | undefined,
    private readonly salt = randomSalt(),
  ) {}

  /** For whoever writes the further records of this call. */
  get seed(): RecordSeed {
    return { salt: this.salt.toString('base64url'), officer: this.officer };
  }

  /** That a command is about to be sent. @throws BusError `ledger-unavailable` */
  intent(id: string): Promise<void> {
    return this.recorder.record(this.write(id), this.call.deadline);
  }

  /** How the call ended. @throws BusError `ledger-unavailable` */
  outcome(id: string, relayed: Relayed, { outcome, final }: CallEnd): Promise<void> {
    const now = Date.now();
    const until = Math.max(this.call.deadline, now + recordGraceMs);
    return this.recorder.record(this.write(id, { outcome, final, relayed, now }), until);
  }

  /** One literal for both steps: put together of parts, an object of so many fields costs ten times as much. */
  private write(id: string, ended?: CallEnd & { relayed: Relayed; now: number }): TransactionRecord {
    const { client, system, operation, body, headers, receivedAt, deadline } = this.call;
    const relayed = ended?.relayed;
    this.requestHash ??= bodyHash(this.salt, body);
    return {
      id,
      step: ended ? 'outcome' : 'intent',
      environment: client.environment,
      client: client.id,
      agency: headers[busHeaders.agency],
      officer: this.officer,
      dossier: headers[busHeaders.dossier],
      linkedDossier: relayed?.linkedDossier,
      procedure: headers[busHeaders.procedure],
      system,
      operation: operation.operation,
      version: operation.version,
      kind: operation.kind,
      mode: this.call.mode,
      idempotency: operation.kind === 'command' ? placeOf(client.id, headers[busHeaders.idempotencyKey]!) : undefined,
      deadline: ended ? undefined : deadline,
      outcome: ended?.outcome,
      final: ended?.final ?? false,
      code: relayed?.code,
      receivedAt,
      sentAt: relayed?.sentAt,
      returnedAt: relayed?.returnedAt,
      answeredAt: ended?.now,
      upstreamMs: relayed?.upstreamMs,
      attempts: relayed?.attempts,
      requestBytes: body.length,
      answerBytes: relayed?.body.length,
      salt: this.salt.toString('base64url'),
      requestHash: this.requestHash,
      answerHash: relayed && bodyHash(this.salt, relayed.body),
      trace: traceIdOf(headers[busHeaders.traceparent]!),
    };
  }
}
