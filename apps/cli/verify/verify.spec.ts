import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { bodyHash, proveRecords, type Finding, type Receipt } from '#lgsp/records';
import { sampleRecord, TrailMaker } from '#lgsp/records/testing';
import { writeEvidenceFile } from '../evidence/evidence.file';
import { verdictText } from './verify.command';
import { verifyFile } from './verify.file';

const folder = mkdtempSync(join(tmpdir(), 'lgsp-verify-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

const trail = makeTrail();
const file = at('day.evidence.gz');
const keys = at('jwks.json');
let bytes: Buffer;

beforeAll(async () => {
  await writeEvidenceFile(file, Readable.from(trail.lines()));
  bytes = readFileSync(file);
  writeFileSync(keys, JSON.stringify({ keys: trail.jwks }));
});

function makeTrail(): TrailMaker {
  const made = new TrailMaker();
  const [one, two] = [made.recorder(), made.recorder()];
  made.append(one, sampleRecord(), sampleRecord());
  made.append(two, sampleRecord());
  made.seal();
  made.append(one, sampleRecord());
  made.append(two, sampleRecord(), sampleRecord(), sampleRecord());
  return made;
}

/** Verifies these bytes as a file. */
async function verify(changed: Buffer, withKeys = true): Promise<Finding[]> {
  const path = at('changed');
  writeFileSync(path, changed);
  return (await verifyFile(path, withKeys ? { keys } : {})).findings;
}

const faults = (findings: Finding[]): string[] => findings.map(({ fault }) => fault);

describe('an evidence file', () => {
  it('is proven, says what it is about and how far it came, and can be read with any tool that unpacks gzip', async () => {
    const reached: number[] = [];
    const verdict = await verifyFile(file, { keys, onProgress: (done, total) => reached.push(done / total) });
    expect(verdict).toMatchObject({ kind: 'evidence', proven: true, ownKeys: false, findings: [], findingCount: 0 });
    expect(verdict.facts).toMatchObject({ batches: 4, provenBatches: 4, records: 7, recorders: 2, through: 4 });
    expect(reached.at(-1)).toBe(1);
    expect(verdictText(verdict)).toContain('✓ all of it is proven');
    expect(verdictText(await verifyFile(file))).toContain('! The public keys are those in the file itself');
    writeFileSync(at('cut'), bytes.subarray(0, -1));
    expect(verdictText(await verifyFile(at('cut')))).not.toContain('whole in itself');
    const lines = gunzipSync(bytes).toString('utf8').trimEnd().split('\n');
    expect(lines.slice(0, -1)).toEqual(trail.lines());
    expect(JSON.parse(lines.at(-1)!)).toHaveProperty('sha256');
  });

  it('is readable by its owner only', () => {
    const { mode } = statSync(file);
    expect(mode & 0o777).toBe(0o600);
  });

  it('shows any one flipped bit', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length * 8 - 1), async (bit) => {
        const flipped = Buffer.from(bytes);
        flipped[bit >> 3]! ^= 1 << (bit & 7);
        expect(await verify(flipped)).not.toEqual([]);
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it('shows that it was cut, anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), async (length) => {
        expect(await verify(bytes.subarray(0, length))).not.toEqual([]);
      }),
      { numRuns: 100 },
    );
    expect(faults(await verify(bytes.subarray(0, bytes.length / 2)))).toEqual(
      expect.arrayContaining(['damaged-file', 'missing-seal']),
    );
  }, 60_000);

  it('that was unpacked, changed and packed again names the transaction whose record was changed', async () => {
    const text = gunzipSync(bytes).toString('utf8');
    expect(faults(await verify(gzipSync(text)))).toEqual(['bad-line', 'changed-file']);
    const { id } = JSON.parse(trail.entries[3]!.split('\n')[2]!) as { id: string };
    const changed = text.replace(new RegExp(`(${id}.*?)succeeded`), '$1failed');
    expect(changed).not.toBe(text);
    for (const packed of [gzipSync(changed), Buffer.from(changed)]) {
      const [two] = trail.recorders.slice(1);
      const where = { position: 4, recorder: two!.name, batch: 2, index: 1, id };
      expect(await verify(packed)).toContainEqual({ fault: 'changed-record', ...where });
    }
  });

  it('is looked through for a seal that was kept elsewhere', async () => {
    const { anchor } = await verifyFile(file, { keys });
    expect((await verifyFile(file, { keys, anchors: [anchor!] })).proven).toBe(true);
    const other = { number: 1, hash: 'a'.repeat(64) };
    const { findings } = await verifyFile(file, { keys, anchors: [anchor!, other] });
    expect(findings).toEqual([{ fault: 'unknown-anchor', seal: 1 }]);
  });

  it('of which nothing is left, or that never was one, is not proven', async () => {
    for (const wrong of ['', '\x1f\x8b', 'nonsense', '{}', '\0\0'])
      expect(await verify(Buffer.from(wrong, 'latin1'))).not.toEqual([]);
    await expect(verifyFile(at('nowhere'))).rejects.toThrow(/nowhere cannot be read/);
    await expect(verifyFile(file, { keys: file })).rejects.toThrow(/is no key set/);
  });
});

describe('a receipt', () => {
  const salt = Buffer.alloc(16, 1);
  const made = new TrailMaker();
  const request = Buffer.from('{"identityNumber":"031190000016"}');
  const record = sampleRecord({ salt: salt.toString('base64url'), requestHash: bodyHash(salt, request) });
  made.append(made.recorder(), sampleRecord(), record);
  const { proven: records } = proveRecords(made.entries[0]!, record.id);
  const receipt: Receipt = { v: 1, id: record.id, records, keys: made.jwks.slice(1) };

  beforeAll(() => {
    writeFileSync(at('receipt.json'), JSON.stringify(receipt));
    writeFileSync(at('request.json'), request);
  });

  it('is proven, with the body that was kept, and says what it is about', async () => {
    const verdict = await verifyFile(at('receipt.json'), { request: at('request.json') });
    expect(verdict).toMatchObject({ kind: 'receipt', proven: true, ownKeys: true, facts: { outcome: 'succeeded' } });
    expect(verdictText(verdict)).toContain(record.id);
    const other = await verifyFile(at('receipt.json'), { answer: at('request.json') });
    expect(verdictText(other)).toContain(`✗ other-body: transaction ${record.id}`);
  });

  it('written out over several lines is the same receipt', async () => {
    writeFileSync(at('wide.json'), JSON.stringify(receipt, null, 2));
    expect(await verifyFile(at('wide.json'))).toMatchObject({ kind: 'receipt', proven: true });
    truncateSync(at('wide.json'), 300);
    expect((await verifyFile(at('wide.json'))).findings).toMatchObject([{ fault: 'bad-receipt' }]);
  });

  it('is not asked for seals, nor a file of evidence for bodies', async () => {
    const anchors = [{ number: 1, hash: 'a'.repeat(64) }];
    await expect(verifyFile(at('receipt.json'), { anchors })).rejects.toThrow(/in an evidence file only/);
    await expect(verifyFile(file, { request: file })).rejects.toThrow(/with a receipt only/);
  });
});
