import { createHash, generateKeyPairSync } from 'node:crypto';
import * as fc from 'fast-check';
import {
  batchFault,
  bodyHash,
  firstPrevious,
  headHash,
  inclusionProof,
  leafHash,
  merkleRoot,
  parseBatch,
  parseRecord,
  recordText,
  rootByProof,
  sealBatch,
  type TransactionRecord,
} from '.';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const key = { kid: 'k1', privateKey };
const start = { number: 0, hash: firstPrevious };

const record = (change: Partial<TransactionRecord> = {}): TransactionRecord => ({
  id: '019a0000-0000-7000-8000-000000000000',
  step: 'outcome',
  environment: 'production',
  client: 'one-stop',
  system: 'population',
  operation: 'verify-citizen',
  version: '1.0.0',
  kind: 'query',
  mode: 'sync',
  outcome: 'succeeded',
  final: true,
  receivedAt: 1_795_000_000_000,
  requestBytes: 12,
  salt: 'AAAAAAAAAAAAAAAAAAAAAA',
  requestHash: 'x',
  trace: '0'.repeat(32),
  ...change,
});

describe('a record', () => {
  it('reads back as it was written, and its text does not depend on the order in which it was filled', () => {
    const one = record({ dossier: 'H24.11-261124-0001', attempts: 2 });
    const other = Object.fromEntries(Object.entries(one).toReversed()) as unknown as TransactionRecord;
    expect(recordText(other)).toBe(recordText(one));
    expect(parseRecord(recordText(one))).toEqual(one);
    expect(recordText(parseRecord(recordText(one)))).toBe(recordText(one));
  });

  it.each([
    ['an unknown field', { more: 1 }, 'unknown field more'],
    ['a wrong id', { id: '1' }, 'bad field id'],
    ['an outcome that there is not', { outcome: 'lost' }, 'bad field outcome'],
    ['a time with a fraction', { receivedAt: 1.5 }, 'bad field receivedAt'],
  ])('with %s is refused by name', (_name, change, fault) => {
    expect(() => parseRecord(JSON.stringify({ ...record(), ...change }))).toThrow(fault);
  });

  it('hashes a body over its salt', () => {
    const salt = Buffer.from('salt');
    const expected = createHash('sha256').update('saltbody').digest('base64url');
    expect(bodyHash(salt, Buffer.from('body'))).toBe(expected);
  });
});

describe('the tree', () => {
  it('has the roots that RFC 9162 prescribes for the known vectors of certificate transparency', () => {
    const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
    const leaves = inputs.map((hex) =>
      createHash('sha256')
        .update(Buffer.concat([Buffer.of(0), Buffer.from(hex, 'hex')]))
        .digest(),
    );
    const roots = [1, 2, 3, 8].map((count) => merkleRoot(leaves.slice(0, count)).toString('hex'));
    expect(roots).toEqual([
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
      'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
      '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
    ]);
  });

  it('proves every leaf, and only where it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), fc.nat(), (size, at, elsewhere) => {
        const leaves = Array.from({ length: size }, (_, nth) => leafHash(`record ${nth}`));
        const index = at % size;
        const proof = inclusionProof(leaves, index);
        const root = merkleRoot(leaves);
        expect(rootByProof(leaves[index]!, index, size, proof)).toEqual(root);
        const other = elsewhere % size;
        if (other !== index) expect(rootByProof(leaves[index]!, other, size, proof)).not.toEqual(root);
        expect(rootByProof(leafHash('another'), index, size, proof)).not.toEqual(root);
      }),
    );
  });
});

describe('a batch', () => {
  it('follows the one before, and reads back as it was sealed', () => {
    const first = sealBatch([record(), record({ outcome: 'failed', code: 'upstream-fault' })], 'gateway-1', start, key);
    const second = sealBatch([record()], 'gateway-1', first.end, key);
    const read = parseBatch(second.text);
    expect(read.head).toMatchObject({ recorder: 'gateway-1', number: 2, count: 1, key: 'k1' });
    expect(read.head.previous).toBe(headHash(parseBatch(first.text).head));
    expect(read.records).toEqual([record()]);
    expect(batchFault(read.head, read.texts, publicKey)).toBeUndefined();
  });

  it('shows any one flipped bit', () => {
    const { text } = sealBatch([record(), record({ dossier: 'H24.11' }), record()], 'gateway-1', start, key);
    const bytes = Buffer.from(text);
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const changed = Buffer.from(bytes);
        changed[bit >> 3]! ^= 1 << (bit & 7);
        expect(() => {
          const { head, texts } = parseBatch(changed.toString('utf8'));
          const fault = batchFault(head, texts, publicKey);
          if (fault) throw new Error(fault);
        }).toThrow(/./);
      }),
      { numRuns: 500 },
    );
  });
});
