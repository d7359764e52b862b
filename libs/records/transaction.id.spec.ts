import { newTransactionId, randomSalt, timeOfTransactionId, transactionIdAt } from './transaction.id';

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

it('tells its moment', () => {
  const soon = Date.now() + 60_000;
  expect(timeOfTransactionId(newTransactionId(soon))).toBe(soon);
});

describe('transactionIdAt', () => {
  const past = Date.parse('2021-01-04T07:30:00.123+07:00');

  it('is of its time, and without further parts the smallest of its millisecond', () => {
    expect(transactionIdAt(past)).toBe('0176cacc-fbbb-7000-8000-000000000000');
    expect(timeOfTransactionId(transactionIdAt(past, 7, Buffer.alloc(8, 0xab)))).toBe(past);
    const later = Date.now() + 120_000;
    const made = newTransactionId(later);
    expect(made > transactionIdAt(later)).toBe(true);
    expect(made < transactionIdAt(later + 1)).toBe(true);
  });

  it('is in order by time, then by its place in the millisecond', () => {
    const random = Buffer.alloc(8, 0xff);
    const ids = [
      transactionIdAt(past, 0, random),
      transactionIdAt(past, 1),
      transactionIdAt(past, 4_095, random),
      transactionIdAt(past + 1),
    ];
    expect(ids).toEqual(ids.toSorted());
    for (const id of ids) expect(id).toMatch(version7);
    expect(() => transactionIdAt(past, 4_096)).toThrow('order');
  });

  it('leaves the order of new ids alone', () => {
    const before = newTransactionId();
    transactionIdAt(Date.now() + 86_400_000);
    const after = newTransactionId();
    expect(after > before).toBe(true);
    expect(timeOfTransactionId(after) - timeOfTransactionId(before)).toBeLessThan(60_000);
  });
});

it('gives salts of 16 bytes, none twice', () => {
  const salts = Array.from({ length: 10_000 }, () => randomSalt());
  expect(new Set(salts.map((salt) => salt.toString('hex'))).size).toBe(salts.length);
  expect(salts.every(({ length }) => length === 16)).toBe(true);
});
