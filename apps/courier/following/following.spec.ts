import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import type { FollowedItem, Observation } from '#lgsp/progress';
import { firstPrevious, sealBatch, type TransactionRecord } from '#lgsp/records';
import { sampleRecord } from '#lgsp/records/testing';
import { isOverdue } from './ageing';
import { succeededCommands } from './command.records';
import { progressEvent } from './following.events';
import { judge } from './item.progress';

const fresh: FollowedItem = {
  transactionId: '019ac0de-7c1a-7b5e-8f0a-2b1c3d4e5f60',
  client: 'one-stop',
  idempotencyKey: 'birth-1',
  system: 'civil-registry',
  operation: 'register-birth',
  subject: 'lgsp.civil-registry.v1.register-birth',
  dossier: 'H24.11-261101-0001',
  since: 0,
  asked: 0,
  failures: 0,
  nextAt: 0,
  pauseMs: 1_000,
};

const seen = (state: string, second: number, final = false): Observation => ({
  system: 'civil-registry',
  reference: 'H24.11-261101-0001',
  state,
  upstreamState: `(${state})`,
  final,
  at: new Date(Date.UTC(2026, 10, 1) + second * 1_000).toISOString().replace('.000Z', '+00:00'),
  source: 'poll',
});

/** What is told of observations that come in so, and where the item stands in the end. */
function play(observations: readonly Observation[]): { told: Observation[]; item: FollowedItem } {
  let item = fresh;
  const told: Observation[] = [];
  for (const observation of observations) {
    const { verdict, item: next } = judge(item, observation, 1);
    if (verdict === 'told') told.push(observation);
    item = next ?? item;
  }
  return { told, item };
}

const states = ['waiting', 'processing', 'needs-supplement', 'eligible'];

/** Where something stood, one state after the other, with an end or without one; and how it was observed: any of it, in any order. */
const histories = fc
  .record({
    walk: fc.array(fc.tuple(fc.constantFrom(...states), fc.integer({ min: 1, max: 3 })), {
      minLength: 1,
      maxLength: 8,
    }),
    ends: fc.boolean(),
  })
  .map(({ walk, ends }) => {
    let second = 0;
    const steps = walk.map(([state, pause]) => seen(state, (second += pause)));
    const changes = steps.filter(({ state }, nth) => state !== steps[nth - 1]?.state);
    return ends ? [...changes, seen('completed', second + 1, true)] : changes;
  })
  .chain((history) =>
    fc.record({
      history: fc.constant(history),
      observed: fc.array(fc.constantFrom(...history), { minLength: 1, maxLength: 30 }),
    }),
  );

describe('what is told of observations', () => {
  it('is every change, when each is observed in its order, however often', () => {
    fc.assert(
      fc.property(histories, fc.integer({ min: 1, max: 3 }), ({ history }, times) => {
        const observed = history.flatMap((one) => Array.from({ length: times }, () => one));
        expect(play(observed).told).toEqual(history);
      }),
    );
  });

  it('ends at the newest, in whatever order and however often they come', () => {
    fc.assert(
      fc.property(histories, ({ observed }) => {
        const { item } = play(observed);
        const newest = observed.reduce((a, b) => (Date.parse(b.at) > Date.parse(a.at) ? b : a));
        expect({ state: item.state, ended: item.ended }).toEqual({
          state: newest.state,
          ended: newest.final ? 'final' : undefined,
        });
      }),
    );
  });

  it('never repeats itself, never goes back, and is nothing after the end', () => {
    fc.assert(
      fc.property(histories, ({ observed }) => {
        const { told } = play(observed);
        for (const [nth, one] of told.entries()) {
          const before = told[nth - 1];
          if (!before) continue;
          expect(one.state).not.toBe(before.state);
          expect(Date.parse(one.at)).toBeGreaterThan(Date.parse(before.at));
          expect(before.final).toBe(false);
        }
        expect(new Set(told.map(({ state, at }) => `${state} ${at}`)).size).toBe(told.length);
      }),
    );
  });

  it('is each state of one second once, and the end of that second last', () => {
    const second = [...states.map((state) => seen(state, 7)), seen('completed', 7, true)];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...second), { minLength: 1, maxLength: 30 }), (observed) => {
        const { told } = play(observed);
        expect(new Set(told).size).toBe(told.length);
        expect(told.slice(0, -1).some(({ final }) => final)).toBe(false);
        expect(told.at(-1)!.final).toBe(observed.some(({ final }) => final));
      }),
    );
  });

  it('is an end also when it bears an earlier time than what was seen on the way', () => {
    const { told, item } = play([seen('pending', 300), seen('paid', 270, true), seen('pending', 310)]);
    expect(told.map(({ state }) => state)).toEqual(['pending', 'paid']);
    expect(item.ended).toBe('final');
  });

  it('is the same event whenever it is told again, and another one for another happening', () => {
    const idOf = (observation: Observation): string => progressEvent(fresh, observation).id;
    expect(idOf({ ...seen('waiting', 1), source: 'callback' })).toBe(idOf(seen('waiting', 1)));
    expect(idOf(seen('waiting', 2))).not.toBe(idOf(seen('waiting', 1)));
    expect(idOf(seen('waiting', 1))).toMatch(/^[\x21-\x7e]{1,120}$/);
  });
});

describe('the records that begin something', () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const batchOf = (records: TransactionRecord[]): Buffer =>
    Buffer.from(sealBatch(records, 'gateway-1', { number: 0, hash: firstPrevious }, { kid: 'k', privateKey }).text);
  const kinds: Partial<TransactionRecord>[] = [
    {},
    { kind: 'command', step: 'intent', outcome: undefined, final: false },
    { kind: 'command', outcome: 'failed', code: 'upstream-fault', final: false },
    { kind: 'command', outcome: 'rejected', code: 'upstream-rejected' },
    { kind: 'command', outcome: 'accepted', mode: 'async', final: false },
    { kind: 'command' },
    { kind: 'command', mode: 'async' },
    // A caller may say what it likes.
    { dossier: '"kind":"command","outcome":"succeeded","final":true' },
  ];

  it('are found among all others, wherever they stand', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 12 }), (chosen) => {
        const records = chosen.map((change) => sampleRecord(change));
        const expected = records.filter(
          ({ kind, outcome, final }) => kind === 'command' && outcome === 'succeeded' && final,
        );
        expect(succeededCommands(batchOf(records)).map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
      }),
    );
  });

  it('are none in what is no batch', () => {
    expect(succeededCommands(Buffer.from('"kind":"command" "outcome":"succeeded","final":true'))).toEqual([]);
  });
});

it('something is overdue from its age on until it ends, and for good when nobody asks any more', () => {
  const terms = { firstMs: 100, mostMs: 100, overdueMs: 1_000, ageMaxMs: 2_000 };
  const at = (change: Partial<FollowedItem>, now: number): boolean => isOverdue({ ...fresh, ...change }, terms, now);
  expect([at({}, 1_000), at({}, 1_001), at({ ended: 'final' }, 9_000), at({ ended: 'too-old' }, 9_000)]).toEqual([
    false,
    true,
    false,
    true,
  ]);
});
