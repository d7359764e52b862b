import { newTransactionId, pastTransactionId, randomSalt, timeOfTransactionId } from './transaction.id';

const version7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('newTransactionId', () => {
  it('is a UUID of version 7 whose first 48 bits are the time (RFC 9562, 5.7)', () => {
    const now = 1_795_000_000_123;
    const id = newTransactionId(now);
    expect(id).toMatch(version7);
    expect(parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(now);
  });

  it('is unique and in order, also beyond 4,096 in one millisecond and when the clock goes back', () => {
    const now = 1_795_000_001_000;
    const ids = Array.from({ length: 20_000 }, (_, nth) => newTransactionId(nth < 10_000 ? now : now - 5_000));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(ids.toSorted());
    for (const id of ids) expect(id).toMatch(version7);
  });

  it('leaves no bit of its random part fixed', () => {
    const bits = new Set<string>();
    for (let nth = 0; nth < 2_000; nth++) {
      const tail = BigInt(`0x${newTransactionId().slice(-16).replace('-', '')}`);
      for (let bit = 0n; bit < 60n; bit++) bits.add(`${bit}:${(tail >> bit) & 1n}`);
    }
    expect(bits.size).toBeGreaterThanOrEqual(118);
  });
});

it('tells its moment, also when it was made for a past one', () => {
  const past = Date.parse('2021-01-04T07:30:00.123+07:00');
  const id = pastTransactionId(past);
  expect(id).toMatch(version7);
  expect(timeOfTransactionId(id)).toBe(past);
  expect(timeOfTransactionId(newTransactionId())).toBeGreaterThan(Date.parse('2026-01-01'));
});

it('gives salts of 16 bytes, none twice', () => {
  const salts = Array.from({ length: 10_000 }, () => randomSalt());
  expect(new Set(salts.map((salt) => salt.toString('hex'))).size).toBe(salts.length);
  expect(salts.every(({ length }) => length === 16)).toBe(true);
});
