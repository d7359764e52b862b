import { BusError } from '#lgsp/errors';
import { birthWithCard as plan } from '../plan/birth-with-card.plan';
import { afterUndo, begun, current, givenUp, moved, resumed, type MoveRules, type StepResult } from './procedure.moves';
import { firstSteps, type ProcedureRecord } from './procedure.record';
import { stepKey } from './step.work';

const rules: MoveRules = {
  retry: { firstMs: 100, mostMs: 1_000 },
  ask: { firstMs: 1_000, mostMs: 8_000 },
  attemptsMax: 3,
  stepAgeMaxMs: 100_000,
};
const now = 1_000_000;
const id = '019ac0de-7c1a-7b5e-8f0a-2b1c3d4e5f60';
const step1 = '019ac0de-7c1a-7b5e-8f0a-2b1c3d4e5f61';

const fresh: ProcedureRecord = {
  id,
  procedure: plan.procedure,
  client: 'one-stop',
  environment: 'production',
  language: 'vi',
  dossier: 'H24.11-261101-0001',
  state: 'under-way',
  steps: firstSteps(plan),
  at: 0,
  keys: [],
  salt: '',
  fingerprint: '',
  asked: 0,
  ends: 0,
  untold: false,
  acceptedAt: now,
  changedAt: now,
};

/** Does the step that is due, with this result. */
const after = (record: ProcedureRecord, result: StepResult, at = now): ProcedureRecord =>
  moved(begun(record, step1, at + 1_000, at), plan, result, rules, at);
const done: StepResult = { kind: 'done', state: 'fine' };
const failed = (uncertain = false): StepResult => ({
  kind: 'failed',
  error: new BusError('upstream-fault'),
  uncertain,
});
const refused: StepResult = {
  kind: 'refused',
  error: new BusError('upstream-rejected', { upstream: { code: '400' } }),
};
const states = ({ steps }: ProcedureRecord): string[] => steps.map(({ state }) => state);
const through = (count: number): ProcedureRecord =>
  Array.from({ length: count }).reduce<ProcedureRecord>((record) => after(record, done), fresh);

describe('a linked procedure', () => {
  it('goes from step to step, and ends with the last one', () => {
    expect(states(through(2))).toEqual(['done', 'done', 'waiting', 'waiting']);
    const completed = through(4);
    expect(completed).toMatchObject({ state: 'completed', endedAt: now, untold: true, ends: 1 });
    expect(states(completed)).toEqual(['done', 'done', 'done', 'done']);
  });

  it('keeps the transaction and the key of a step through its tries', () => {
    const once = after(fresh, failed());
    const twice = begun(once, 'another', undefined, now);
    expect(current(twice)).toMatchObject({ transactionId: step1, attempts: 2 });
    expect([stepKey(begun(fresh, step1, 0, now)), stepKey(twice)]).toEqual([
      `${id}.register-birth.1`,
      `${id}.register-birth.1`,
    ]);
    expect(once.notBefore).toBeGreaterThanOrEqual(now + 50);
  });

  it('stops after so many tries of a command, and not of a question', () => {
    const command = [1, 2, 3].reduce<ProcedureRecord>((record) => after(record, failed(true)), fresh);
    expect(command).toMatchObject({ state: 'failed', untold: true });
    expect(current(command)).toMatchObject({ reason: 'attempts-used-up', uncertain: true, code: 'upstream-fault' });
    const question = [1, 2, 3, 4].reduce<ProcedureRecord>((record) => after(record, failed()), through(1));
    expect(question.state).toBe('under-way');
  });

  it('counts no attempt while a system holds it, and asks no sooner than it says', () => {
    const held = after(fresh, {
      kind: 'held',
      error: new BusError('circuit-open'),
      uncertain: false,
      untilMs: now + 5_000,
    });
    expect(current(held)).toMatchObject({ attempts: 0, code: 'circuit-open' });
    expect(held).toMatchObject({ state: 'under-way', notBefore: now + 5_000 });
  });

  it('waits longer each time that it hears "not yet", and stops when it has waited too long', () => {
    const pending: StepResult = { kind: 'pending', state: 'processing' };
    const once = after(through(1), pending);
    const often = Array.from({ length: 5 }).reduce<ProcedureRecord>((record) => after(record, pending), once);
    expect(once.notBefore).toBeLessThanOrEqual(now + 1_000);
    expect(often.notBefore).toBeGreaterThanOrEqual(now + 4_000);
    const late = after(often, pending, now + 100_001);
    expect(late.state).toBe('failed');
    expect(current(late)).toMatchObject({ reason: 'too-old', upstreamState: 'processing' });
  });
});

describe('resumed', () => {
  const again = (record: ProcedureRecord) => resumed({ ...record, untold: false }, plan, now);

  it('what was refused is another command under another key', () => {
    const next = again(after(through(2), refused));
    expect(next).toMatchObject({ state: 'under-way', at: 2 });
    expect(current(next)).toEqual(expect.objectContaining({ state: 'waiting', attempts: 0, round: 2 }));
    expect(current(next).transactionId).toBeUndefined();
    expect(stepKey(next)).toBe(`${id}.issue-card.2`);
  });

  it('what may have taken effect is the same command, and is asked about first', () => {
    const stopped = [1, 2, 3].reduce<ProcedureRecord>((record) => after(record, failed(true)), through(2));
    const next = again(stopped);
    expect(current(next)).toMatchObject({ round: 1, transactionId: step1, uncertain: true });
    expect(stepKey(next)).toBe(`${id}.issue-card.1`);
  });

  it('what an outside system refused after it took it is handed in anew', () => {
    const next = again(after(through(3), { kind: 'refused', state: 'refused' }));
    expect(next.at).toBe(2);
    expect(next.steps.map(({ round }) => round)).toEqual([1, 1, 2, 2]);
    expect(states(next)).toEqual(['done', 'done', 'waiting', 'waiting']);
  });

  it('a question that was asked for too long is asked on', () => {
    const next = again(
      after(begun(through(3), step1, undefined, now - 200_000), { kind: 'pending', state: 'received' }),
    );
    expect(next).toMatchObject({ at: 3, state: 'under-way' });
    expect(current(next)).toMatchObject({ round: 1, startedAt: now, state: 'under-way' });
  });
});

describe('given up', () => {
  it('ends at once where nothing can be taken back', () => {
    const ended = givenUp(through(1), plan, 'why', now);
    expect(ended).toMatchObject({ state: 'given-up', gaveUpBecause: 'why', untold: true });
    expect(states(ended)[0]).toBe('done');
  });

  it('takes the card back first, and says so when it could not', () => {
    const giving = givenUp(through(3), plan, 'why', now);
    expect(giving).toMatchObject({ state: 'giving-up', at: 2, untold: false });
    expect(states(afterUndo(giving, plan, { done: true }, now))).toEqual(['done', 'done', 'undone', 'waiting']);
    const error = new BusError('upstream-rejected');
    const kept = afterUndo(giving, plan, { done: false, error }, now);
    expect(kept.state).toBe('given-up');
    expect(kept.steps[2]).toMatchObject({ state: 'failed', code: 'upstream-rejected' });
  });
});

describe('what an answer says', () => {
  const [, awaitBirth, issueCard, awaitCard] = plan.steps;

  it.each([
    [{ state: 'processing' }, { kind: 'pending', state: 'processing' }],
    [{ state: 'completed' }, { kind: 'pending', state: 'completed-without-personal-id' }],
    [{ state: 'refused' }, { kind: 'refused', state: 'refused' }],
    [
      { state: 'completed', personalId: '031226000016', registeredOn: '2026-11-23' },
      { kind: 'done', found: { personalId: '031226000016', registeredOn: '2026-11-23' } },
    ],
  ])('of the birth %j', (answer, reading) => {
    expect(awaitBirth!.read(answer)).toMatchObject(reading);
  });

  it.each([
    [{ state: 'cancelled' }, { kind: 'refused', state: 'cancelled' }],
    [
      { state: 'issued', cardNumber: 'TE1313126000016' },
      { kind: 'done', found: { cardNumber: 'TE1313126000016' } },
    ],
  ])('of the card %j', (answer, reading) => {
    expect(awaitCard!.read(answer)).toMatchObject(reading);
  });

  it('the card is asked for with what the registry gave, for the requester of the birth', () => {
    const requester = { fullName: 'Trần Văn Thử', identityNumber: '031088000017', email: 'x' };
    const child = { fullName: 'Trần Minh Mới', sex: 'male', birthDate: '2026-11-20', birthPlace: 'x' };
    const address = { provinceCode: '31', communeCode: '11329' };
    const known = {
      given: { birth: { interAgencyDossier: 'G22-1', requester, child }, card: { address } },
      found: { personalId: '031226000016' },
      dossier: 'H24.11-261101-0001',
    };
    expect(JSON.parse(JSON.stringify(issueCard!.input(known)))).toEqual({
      interAgencyDossier: 'G22-1',
      child: { fullName: 'Trần Minh Mới', sex: 'male', birthDate: '2026-11-20', personalId: '031226000016' },
      guardian: { fullName: 'Trần Văn Thử', identityNumber: '031088000017' },
      address,
    });
  });
});
