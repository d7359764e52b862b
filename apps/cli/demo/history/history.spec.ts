import * as fc from 'fast-check';
import { isErrorCode, outcomeOf } from '#lgsp/errors';
import { parseRecord, recordText, type TransactionRecord } from '#lgsp/records';
import { parseAgencyCode, parseDossierCode } from '#lgsp/vietnam';
import { makeHour, type MadeTransaction } from './history.maker';
import { apportion, countOf, halfYears, planHours, totalOf, type PlannedHour } from './history.plan';
import { remainderAfter, type Remainder } from './history.place';
import { historyClients, historySystems } from './history.services';
import { dayWeight } from './working.calendar';

const seed = 'a-test';
const scale = 2_000;
const plan = planHours(scale);
const all = plan.flatMap((hour) => [...makeHour(hour, seed)]);
const endings = all.map((records) => records.at(-1)!);

const countBy = (records: readonly TransactionRecord[], of: (record: TransactionRecord) => string) => {
  const counts = new Map<string, number>();
  for (const record of records) counts.set(of(record), (counts.get(of(record)) ?? 0) + 1);
  return counts;
};
const sum = (hours: readonly PlannedHour[]): number => hours.reduce((total, { count }) => total + count, 0);

describe('the plan', () => {
  it.each([1, 100, 3_333, 100_000])('at 1 for %i has exactly the totals of both half-years', (n) => {
    const hours = planHours(n);
    for (const half of halfYears) {
      const own = hours.filter(({ day }) => day >= half.from && day <= half.to);
      expect([own.length, sum(own)]).toEqual([181 * 24, Math.floor(half.count / n)]);
    }
    expect(sum(hours)).toBe(totalOf(n));
  });

  it('is that of Hải Phòng: 2,452,045 against 696,339', () => {
    expect(halfYears.map((half) => countOf(half, 1))).toEqual([696_339, 2_452_045]);
    expect(halfYears.map((half) => countOf(half, 100))).toEqual([6_963, 24_520]);
  });

  it('knows weekdays, Tết and holidays', () => {
    expect(['2022-02-14', '2022-02-12', '2022-02-13', '2022-02-01', '2021-04-30'].map(dayWeight)).toEqual([
      1,
      expect.closeTo(0.13),
      expect.closeTo(0.04),
      expect.closeTo(0.05),
      expect.closeTo(0.05),
    ]);
    const ofDay = (day: string) => sum(planHours(1).filter((hour) => hour.day === day));
    expect(ofDay('2022-02-01')).toBeLessThan(ofDay('2022-02-14') / 10);
    expect(ofDay('2022-06-14')).toBeGreaterThan(ofDay('2022-02-14') * 1.3);
  });

  it('shares out without losing or adding one', () => {
    fc.assert(
      fc.property(
        fc.nat(1_000_000),
        fc.array(fc.double({ min: 0.001, max: 1_000, noNaN: true }), { minLength: 1, maxLength: 50 }),
        (total, weights) => {
          const parts = apportion(total, weights);
          expect(parts.reduce((a, b) => a + b, 0)).toBe(total);
          const whole = weights.reduce((a, b) => a + b, 0);
          for (const [nth, part] of parts.entries())
            expect(Math.abs(part - (total * weights[nth]!) / whole)).toBeLessThan(1 + 1e-6);
        },
      ),
    );
  });
});

describe('what is made', () => {
  it('is the same to the last byte for the same seed, and other for another', () => {
    const busy = planHours(1).find(({ count }) => count > 100)!;
    const made = (with_: string) => [...makeHour(busy, with_)].flat().map(recordText);
    expect(made(seed)).toEqual(made(seed));
    expect(made('another').some((text) => made(seed).includes(text))).toBe(false);
  });

  it('are records as any: of their one form, in the order of their ids, each id once', () => {
    const ids = all.map(([first]) => first!.id);
    expect(ids).toEqual([...new Set(ids)].toSorted());
    for (const record of all.flat()) expect(parseRecord(recordText(record))).toEqual(withoutAbsent(record));
    for (const record of endings) {
      expect(record.final).toBe(true);
      expect(record.outcome).toBe(outcomeOf(isErrorCode(record.code) ? record.code : undefined));
      expect(record.receivedAt).toBeLessThanOrEqual(record.sentAt!);
      expect(record.returnedAt! - record.sentAt!).toBeGreaterThanOrEqual(record.upstreamMs!);
      expect(record.answeredAt).toBeGreaterThanOrEqual(record.returnedAt!);
    }
  });

  it('has the intent of a command before its outcome, and queries without one', () => {
    const commands = all.filter(([first]) => first!.kind === 'command');
    expect(commands.length).toBeGreaterThan(all.length / 10);
    for (const [intent, outcome, ...more] of commands) {
      expect([intent!.step, outcome!.step, more.length]).toEqual(['intent', 'outcome', 0]);
      expect([outcome!.id, outcome!.salt, outcome!.idempotency]).toEqual([
        intent!.id,
        intent!.salt,
        intent!.idempotency,
      ]);
    }
    expect(all.filter(([first]) => first!.kind === 'query').every((records) => records.length === 1)).toBe(true);
  });

  it('says that it is made: no province has the code H99, and clients are called generated', () => {
    expect([...countBy(endings, ({ client }) => client).keys()].toSorted()).toEqual(historyClients.toSorted());
    for (const { client, agency, dossier } of endings) {
      expect(client).toMatch(/^generated-/);
      expect(agency).toMatch(/^H99\./);
      expect([parseAgencyCode(agency!).ok, parseDossierCode(dossier!)]).toEqual([
        true,
        expect.objectContaining({ ok: true }),
      ]);
    }
  });

  it('has the shares that the tables say, and land only from its pilot on', () => {
    const second = endings.filter(({ receivedAt }) => receivedAt >= Date.parse('2022-03-01T00:00:00+07:00'));
    const weights = historySystems.reduce((total, system) => total + (system.weights['2022'] ?? 0), 0);
    const counts = countBy(second, ({ system }) => system);
    for (const { system, weights: own } of historySystems) {
      const share = (own['2022'] ?? 0) / weights;
      expect(Math.abs((counts.get(system) ?? 0) / second.length - share)).toBeLessThan(0.05);
    }
    const earlier = endings.filter(({ receivedAt }) => receivedAt < Date.parse('2022-03-01T00:00:00+07:00'));
    expect(countBy(earlier, ({ system }) => system).has('land')).toBe(false);
    const good = endings.filter(({ outcome }) => outcome === 'succeeded').length / endings.length;
    expect(good).toBeGreaterThan(0.9);
    expect(good).toBeLessThan(0.97);
  });
});

describe('a run that goes on', () => {
  const rest = ({ hours, skip }: Remainder): MadeTransaction[] =>
    hours.flatMap((hour) => [...makeHour(hour, seed)]).slice(skip);

  it('makes what is missing and nothing else, wherever the one before ended', () => {
    fc.assert(
      fc.property(fc.nat(all.length - 1), (last) => {
        const remainder = remainderAfter(recordText(endings[last]!), plan, seed);
        expect(remainder.done).toBe(last + 1);
        expect(rest(remainder).map(([first]) => first!.id)).toEqual(all.slice(last + 1).map(([first]) => first!.id));
      }),
      { numRuns: 25 },
    );
    expect(remainderAfter(undefined, plan, seed)).toEqual({ hours: plan, skip: 0, done: 0 });
  });

  it.each([
    ['another seed', plan, 'another'],
    ['another scale', planHours(100), seed],
  ])('is refused with %s: its transactions would come beside those that are there', (_name, hours, with_) => {
    const last = recordText(endings[1_000]!);
    expect(() => remainderAfter(last, hours, with_)).toThrow(/another --seed or --scale/);
  });

  it.each([50, 99])('is refused with another scale, though the last hour is the same in both: 1 to %i', (other) => {
    const hour = planHours(100).findLast(({ count }) => count > 0)!;
    const last = recordText([...makeHour(hour, seed)].at(-1)!.at(-1)!);
    expect(planHours(other).find(({ startsAt }) => startsAt === hour.startsAt)!.count).toBe(hour.count);
    expect(() => remainderAfter(last, planHours(other), seed)).toThrow(/another --seed or --scale/);
  });
});

/** As JSON leaves it. */
const withoutAbsent = (record: TransactionRecord): unknown => JSON.parse(JSON.stringify(record));
