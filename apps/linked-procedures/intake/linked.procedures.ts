import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { busHeaders, type Stored } from '#lgsp/bus';
import { BusError, type Text } from '#lgsp/errors';
import type { Call } from '#lgsp/kit';
import { newTransactionId, placeOf, randomSalt } from '#lgsp/records';
import { traceIdOf } from '#lgsp/telemetry';
import type { BirthWithCard, ProcedureReceipt, ProcedureStatus } from '../linked-procedures.messages';
import { firstSteps, type ProcedureRecord } from '../process/procedure.record';
import { placeOfDossier } from '../process/procedure.store';
import { ProceduresEngine } from '../process/procedures.engine';
import { textOf } from '../plan/step.plan';
import { checkBirth } from './birth.check';
import { statusOf } from './procedure.status';

/** Keys that are remembered of one procedure; by a further one nothing can be found out. */
const keysMax = 20;

/** Linked procedures as their clients see them: begun once for a dossier, and looked at by either code. */
@Injectable()
export class LinkedProcedures {
  constructor(private readonly engine: ProceduresEngine) {}

  /**
   * Durable when it resolves; the steps are done after it.
   * @throws BusError `invalid-request`, `upstream-rejected` when the dossier has another one, `overloaded`
   */
  async begin(input: BirthWithCard, call: Call): Promise<ProcedureReceipt> {
    await checkBirth(this.engine.operations, input.birth, call);
    const { store, runner, config, plan } = this.engine;
    const record = firstRecord(input, call, await this.environmentOf(call), firstSteps(plan), plan.procedure);
    call.linkedDossier = record.linkedDossier;
    const before = await store.get(placeOfDossier(record.client, record.dossier));
    if (before && before.value.state !== 'given-up') return this.same(before, input, call);
    if (runner.openCount >= config.openMax) throw new BusError('overloaded', { retryAfterMs: fullMs });
    const given = { headers: headersOf(call), input };
    if (await store.create(record, given, before?.revision)) return receiptOf(record);
    const other = await store.get(placeOfDossier(record.client, record.dossier));
    if (!other) throw new BusError('bus-unavailable', { retryAfterMs: fullMs });
    return this.same(other, input, call);
  }

  /** What a key began, if it did. */
  async begunBy(call: Call): Promise<ProcedureReceipt | undefined> {
    const stored = await this.engine.store.get(placeOfDossier(call.client ?? '', call.dossier ?? ''));
    return stored?.value.keys.includes(keyOf(call)) ? receiptOf(stored.value) : undefined;
  }

  async find(dossier: string, call: Call): Promise<ProcedureStatus | undefined> {
    const { store } = this.engine;
    const stored = await store.find(call.client ?? '', dossier);
    if (!stored) return undefined;
    call.linkedDossier = stored.value.linkedDossier;
    return statusOf(stored.value, store.openFindings(stored.value));
  }

  private async same(stored: Stored<ProcedureRecord>, input: BirthWithCard, call: Call): Promise<ProcedureReceipt> {
    const { value } = stored;
    if (fingerprintOf(value.salt, input) !== value.fingerprint)
      throw new BusError('upstream-rejected', { detail: another, upstream: { code: 'procedure-exists' } });
    const key = keyOf(call);
    if (value.keys.includes(key) || value.keys.length >= keysMax) return receiptOf(value);
    const joined = { ...value, keys: [...value.keys, key] };
    if ((await this.engine.store.update(joined, stored.revision)) !== undefined) return receiptOf(joined);
    const now = await this.engine.store.get(placeOfDossier(value.client, value.dossier));
    if (!now) throw new BusError('bus-unavailable', { retryAfterMs: fullMs });
    return this.same(now, input, call);
  }

  /** Steps are counted where the procedure's own transaction is. */
  private async environmentOf({ client }: Call): Promise<ProcedureRecord['environment']> {
    const found = client === undefined ? undefined : await this.engine.clients.get(client);
    return found?.environment ?? 'production';
  }
}

const fullMs = 5_000;

function firstRecord(
  input: BirthWithCard,
  call: Call,
  environment: ProcedureRecord['environment'],
  steps: ProcedureRecord['steps'],
  procedure: string,
): ProcedureRecord {
  const salt = randomSalt().toString('base64url');
  const now = Date.now();
  return {
    id: call.transactionId || newTransactionId(now),
    procedure,
    client: call.client ?? '',
    environment,
    language: call.language,
    trace: traceIdOf(traceparentOf(call)),
    dossier: call.dossier!,
    linkedDossier: textOf(input.birth['interAgencyDossier']),
    state: 'under-way',
    steps,
    at: 0,
    keys: [keyOf(call)],
    salt,
    fingerprint: fingerprintOf(salt, input),
    asked: 0,
    ends: 0,
    untold: false,
    acceptedAt: now,
    changedAt: now,
  };
}

const keyOf = ({ client, idempotencyKey }: Call): string => placeOf(client ?? '', idempotencyKey ?? '');

/** What travels with every step, as it came with the command. */
function headersOf(call: Call): Record<string, string | undefined> {
  const { agency, officer, dossier, procedure, purpose, language } = call;
  return {
    [busHeaders.agency]: agency,
    [busHeaders.officer]: officer,
    [busHeaders.dossier]: dossier,
    [busHeaders.procedure]: procedure,
    [busHeaders.purpose]: purpose,
    [busHeaders.language]: language,
    [busHeaders.traceparent]: traceparentOf(call),
  };
}

/** One of its own for a call that came without. */
function traceparentOf({ traceparent, transactionId }: Call): string {
  const digits = createHash('sha256').update(transactionId).digest('hex');
  return traceparent ?? `00-${digits.slice(0, 32)}-${digits.slice(32, 48)}-00`;
}

function fingerprintOf(salt: string, input: BirthWithCard): string {
  return createHash('sha256').update(salt).update(JSON.stringify(input)).digest('base64url');
}

const receiptOf = ({ id, dossier, state }: ProcedureRecord): ProcedureReceipt => ({ procedure: id, dossier, state });

const another: Text = {
  en: 'this dossier has a linked procedure with other contents',
  vi: 'hồ sơ này đã có thủ tục liên thông với nội dung khác',
};
