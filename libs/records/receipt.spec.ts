import * as fc from 'fast-check';
import { bodyHash, checkReceipt, EvidenceCheck, proveRecords, readKeySet, type Receipt } from '.';
import { sampleRecord, TrailMaker } from './testing';

const salt = Buffer.alloc(16, 7);
const request = Buffer.from('{"identityNumber":"031190000016"}');
const answer = Buffer.from('{"verified":true}');
const body = { salt: salt.toString('base64url'), requestHash: bodyHash(salt, request) };

/** The receipt of a command among other transactions: intent and outcome in batches of two recorders. */
function makeReceipt(ending = true): { receipt: Receipt; trail: TrailMaker } {
  const trail = new TrailMaker();
  const [one, two] = [trail.recorder(), trail.recorder()];
  const intent = sampleRecord({
    ...body,
    step: 'intent',
    kind: 'command',
    final: false,
    outcome: undefined,
    answerHash: undefined,
  });
  const outcome = { ...intent, step: 'outcome', final: true, outcome: 'succeeded' } as const;
  trail.append(one, sampleRecord(), intent, sampleRecord());
  if (ending) trail.append(two, { ...outcome, answerHash: bodyHash(salt, answer) });
  trail.seal();
  const records = trail.entries.flatMap((entry) => proveRecords(entry, intent.id).proven);
  const keys = ending ? trail.jwks : [trail.ledger.jwk, one.jwk];
  return { receipt: { v: 1, id: intent.id, records, keys, seal: trail.seals[0] }, trail };
}

const faults = (
  receipt: unknown,
  keys?: TrailMaker['keys'],
  bodies?: { request?: Buffer; answer?: Buffer },
): string[] => checkReceipt(JSON.stringify(receipt), keys, bodies).findings.map(({ fault }) => fault);

describe('a receipt', () => {
  const { receipt, trail } = makeReceipt();

  it('proves what was recorded, with its own keys or with those from elsewhere, and the bodies that the caller kept', () => {
    const checked = checkReceipt(JSON.stringify(receipt, null, 2), undefined, { request, answer });
    expect(checked.findings).toEqual([]);
    expect(checked).toMatchObject({ id: receipt.id, ending: { outcome: 'succeeded' }, seal: { number: 1 } });
    expect(checked.records.map(({ step }) => step)).toEqual(['intent', 'outcome']);
    expect(faults(receipt, trail.keys)).toEqual([]);
    const set = readKeySet(JSON.stringify({ keys: [{ kty: 'OKP', kid: 'token', x: 'x' }, ...trail.jwks] }));
    expect(faults(receipt, set)).toEqual([]);
  });

  it('does not prove another body', () => {
    expect(faults(receipt, undefined, { request: answer })).toEqual(['other-body']);
    expect(faults(receipt, undefined, { request, answer: request })).toEqual(['other-body']);
  });

  it('of a transaction that has not ended, or of a command without its intent, says so', () => {
    expect(faults(makeReceipt(false).receipt)).toEqual(['missing-outcome']);
    expect(faults({ ...receipt, records: receipt.records.slice(1) })).toEqual(['missing-intent']);
    expect(faults({ ...receipt, records: [] })).toEqual(['missing-outcome']);
  });

  it('is no proof with records of another transaction, with a proof of another record, or with keys that nobody knows', () => {
    const { receipt: other, trail: elsewhere } = makeReceipt();
    expect(faults({ ...receipt, id: other.id })).toEqual(expect.arrayContaining(['other-transaction']));
    const [intent, outcome] = receipt.records;
    expect(faults({ ...receipt, records: [{ ...intent, proof: outcome!.proof }, outcome] })).toContain('wrong-proof');
    expect(faults({ ...receipt, records: [{ ...intent, index: 0 }, outcome] })).toContain('wrong-proof');
    expect(faults(receipt, elsewhere.keys)).toContain('unknown-key');
    const [ledger, one, two] = receipt.keys;
    expect(faults({ ...receipt, keys: [ledger, { ...one, lgsp_recorder: 'gateway-2' }, two] })).toContain(
      'foreign-key',
    );
    expect(faults({ ...receipt, more: 1 })).toEqual(['bad-receipt']);
  });

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '{"v":1}',
    '{"v":1,"id":"x","records":[{}],"keys":[]}',
    '{"v":1,"id":"x","records":[],"keys":[null]}',
  ])('%s is none', (text) => expect(checkReceipt(text, undefined).findings).toMatchObject([{ fault: 'bad-receipt' }]));

  it.each([
    ['as it is given', JSON.stringify(receipt)],
    ['written out for people', JSON.stringify(receipt, null, 2)],
  ])('%s shows any one flipped bit, with its own keys and with those from elsewhere', (_name, text) => {
    fc.assert(
      fc.property(fc.nat(Buffer.byteLength(text) * 8 - 1), (bit) => {
        const flipped = flip(Buffer.from(text), bit).toString('utf8');
        expect(checkReceipt(flipped, undefined).findings).not.toEqual([]);
        expect(checkReceipt(flipped, trail.keys).findings).not.toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

it('keys from elsewhere show any one flipped bit of theirs', () => {
  const { receipt, trail } = makeReceipt();
  const text = JSON.stringify(receipt);
  const keys = Buffer.from(JSON.stringify({ keys: trail.jwks }));
  fc.assert(
    fc.property(fc.nat(keys.length * 8 - 1), (bit) => {
      expect(() => {
        const set = readKeySet(flip(keys, bit).toString('utf8'));
        if (checkReceipt(text, set).findings.length > 0) throw new Error('found');
      }).toThrow(/./);
    }),
    { numRuns: 300 },
  );
});

it('an evidence file shows any one flipped bit of its lines', async () => {
  const { trail } = makeReceipt();
  const [one] = trail.recorders;
  trail.append(one!, sampleRecord(), sampleRecord());
  const bytes = Buffer.from(trail.lines().join('\n'));
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length * 8 - 1), async (bit) => {
      const file = new EvidenceCheck(trail.keys);
      for (const line of flip(bytes, bit).toString('utf8').split('\n')) await file.line(line);
      await file.end();
      expect(file.trail!.findings.list).not.toEqual([]);
    }),
    { numRuns: 300 },
  );
}, 60_000);

function flip(bytes: Buffer, bit: number): Buffer {
  const flipped = Buffer.from(bytes);
  flipped[bit >> 3]! ^= 1 << (bit & 7);
  return flipped;
}
