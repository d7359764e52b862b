import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { BusError } from '#lgsp/errors';
import { backoffMs } from '#lgsp/dispatch';
import { changedInput, isJobKey, JobSeal } from '#lgsp/jobs';
import { MaintenanceWindow } from './drain/maintenance.window';
import { RateGate } from './drain/rate.gate';
import { SystemHold } from './drain/system.hold';
import { lastAnswerOf } from './send/last.answer';

const at = (clock: string): number => Date.parse(`2026-11-25T${clock}+07:00`);

describe('the pause before a command is sent again', () => {
  const times = { firstMs: 1_000, mostMs: 60_000 };

  it('doubles up to the longest, half of it by chance, and is never shorter than what was asked for', () => {
    expect([1, 2, 3, 4].map((attempts) => backoffMs(times, attempts, 0, 1))).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(backoffMs(times, 3, 0, 0)).toBe(2_000);
    expect(backoffMs(times, 1, 5_000, 0)).toBe(5_000);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempts, chance) => {
          const ms = backoffMs(times, attempts, 0, chance);
          return ms >= 500 && ms <= times.mostMs;
        },
      ),
    );
  });
});

describe('hours of maintenance', () => {
  it.each([
    ['22:00-05:00', '21:59:59', undefined],
    ['22:00-05:00', '22:00:00', 7 * 3_600_000],
    ['22:00-05:00', '04:59:30', 30_000],
    ['22:00-05:00', '05:00:00', undefined],
    ['12:00-13:30', '12:15:00', 75 * 60_000],
    ['12:00-13:30', '13:30:00', undefined],
  ])('%s at %s end in %s ms', (hours, clock, left) => {
    const end = new MaintenanceWindow(hours).endAt(at(clock));
    expect(end === undefined ? undefined : end - at(clock)).toBe(left);
  });
});

describe('what holds a system', () => {
  const failure = (code: 'circuit-open' | 'connector-unavailable', retryAfterMs?: number): BusError =>
    new BusError(code, { retryAfterMs });

  it('is as long as an open circuit says, and longer each time for a connector that stays away', () => {
    const hold = new SystemHold(undefined);
    expect(hold.meet(failure('circuit-open', 7_000), 0)).toBe(7_000);
    const waits = [10_000, 20_000, 40_000].map((now) => hold.meet(failure('connector-unavailable'), now) - now);
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(new Set(waits).size).toBe(3);
    expect(hold.probing).toBe(true);
    hold.passed();
    expect([hold.probing, hold.at(0)]).toEqual([false, undefined]);
  });

  it('grows no longer by those that were under way together', () => {
    const hold = new SystemHold(undefined);
    const untils = Array.from({ length: 16 }, () => hold.meet(failure('connector-unavailable'), 1_000));
    expect(new Set(untils).size).toBe(1);
  });

  it('is an operator’s word before all else, until its time is over', () => {
    const hold = new SystemHold(new MaintenanceWindow('00:00-23:59'));
    hold.pause({ who: 'an operator', at: 0, until: 5_000, reason: 'a look' });
    expect(hold.at(1_000)).toEqual({ why: 'paused', until: 5_000, who: 'an operator', reason: 'a look' });
    expect(hold.at(6_000)?.why).toBe('maintenance');
  });
});

it('the gate lets no more through than its rate, whoever pushes', () => {
  const gate = new RateGate(50);
  let passed = 0;
  for (let now = 1_000_000; now < 1_010_000; now++)
    for (let tries = 0; tries < 3; tries++) if (gate.tryTurn(now) === 0) passed++;
  expect(passed).toBeGreaterThanOrEqual(499);
  expect(passed).toBeLessThanOrEqual(506);
});

describe('an input that is put right', () => {
  const before = Buffer.from(JSON.stringify({ child: { name: 'Mẫu' }, papers: ['a', 'b'] }));
  const set = (change: Record<string, unknown>): unknown =>
    JSON.parse(changedInput(before, { set: change }).toString());

  it('is changed by pointers, or replaced as a whole', () => {
    expect(set({ '/child/name': 'Thử', '/papers/0': null, '/child/a~1b': 1 })).toEqual({
      child: { name: 'Thử', 'a/b': 1 },
      papers: ['b'],
    });
    expect(JSON.parse(changedInput(before, { input: { other: true } }).toString())).toEqual({ other: true });
  });

  it.each(['child', '/no/way', '/papers/9', '/papers/x', '/__proto__/polluted', '/child/constructor'])(
    'refuses %s',
    (pointer) => {
      expect(() => set({ [pointer]: 1 })).toThrow(BusError);
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    },
  );

  it('is one or the other', () => {
    expect(() => changedInput(before, {})).toThrow(BusError);
    expect(() => changedInput(before, { input: {}, set: {} })).toThrow(BusError);
  });
});

describe('a sealed job', () => {
  const [key, other] = [randomBytes(32).toString('base64url'), randomBytes(32).toString('base64url')];
  const text = Buffer.from('Nguyễn Thị Bí Mật');

  it('opens with its key, also when that is the one before, and for what it belongs to only', () => {
    const sealed = new JobSeal(key).seal(text, 'one.1');
    expect(sealed.includes(text)).toBe(false);
    expect(new JobSeal(other, key).open(sealed, 'one.1')).toEqual(text);
    expect(() => new JobSeal(key).open(sealed, 'one.2')).toThrow(BusError);
    expect(() => new JobSeal(other).open(sealed, 'one.1')).toThrow(BusError);
    sealed[20] = sealed[20]! ^ 1;
    expect(() => new JobSeal(key).open(sealed, 'one.1')).toThrow(BusError);
  });

  it('has a key of 32 bytes', () => {
    expect([isJobKey(key), isJobKey('short'), isJobKey(`${key}AAAA`)]).toEqual([true, false, false]);
  });
});

it('what an outside system last said is masked as its operation demands', () => {
  const error = new BusError('upstream-rejected', {
    errors: [{ path: '/name', rule: 'upstream-field', message: 'Bí Mật is wrong' }],
    upstream: { code: '302', message: 'Bí Mật 031190000016' },
  });
  expect(lastAnswerOf(error, 'personal')).toEqual({
    code: 'upstream-rejected',
    errors: [{ path: '/name', rule: 'upstream-field' }],
    upstream: { code: '302', message: 'B* M* 0*' },
  });
  expect(lastAnswerOf(error, 'confidential').upstream!.message).toBe('[dropped]');
});
