import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { readMonthFile, writeMonthFile } from './month.file';

const folder = mkdtempSync(join(tmpdir(), 'lgsp-month-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function* linesOf(rows: readonly object[]): AsyncGenerator<string> {
  for (const row of rows) yield JSON.stringify(row);
}
const rows = Array.from({ length: 500 }, (_, nth) => ({ id: nth, text: `"${nth}" \\ ${'ậ'.repeat(nth % 50)}` }));

describe('the file of a month', () => {
  it('gives back what was written, with its hash', async () => {
    const written = await writeMonthFile(folder, '2021-03', rows.length, linesOf(rows));
    const lines: string[] = [];
    const read = await readMonthFile(written.path, (line) => void lines.push(line));
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual(rows);
    expect(read).toMatchObject({ month: '2021-03', transactions: rows.length, rows: written.rows });
    expect(readdirSync(folder)).toEqual(['transactions-2021-03.jsonl.gz']);
  });

  it('is not there when its rows end in a failure', async () => {
    const failing = async function* (): AsyncGenerator<string> {
      yield* linesOf(rows);
      throw new Error('the database went away');
    };
    await expect(writeMonthFile(folder, '2021-04', rows.length, failing())).rejects.toThrow('went away');
    expect(readdirSync(folder)).toEqual(['transactions-2021-03.jsonl.gz']);
  });

  it('is refused, or has another hash, when any bit of it or its end is another', async () => {
    const { path } = await writeMonthFile(folder, '2021-05', rows.length, linesOf(rows));
    const bytes = readFileSync(path);
    const { sha256 } = await readMonthFile(path);
    const copy = join(folder, 'copy.gz');
    const readCopy = async (content: Buffer): Promise<string> => {
      writeFileSync(copy, content);
      return (await readMonthFile(copy).catch(() => ({ sha256: 'refused' }))).sha256;
    };
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), async (at, bit) => {
        const changed = Buffer.from(bytes);
        changed[at]! ^= 1 << bit;
        expect(await readCopy(changed)).not.toBe(sha256);
        expect(await readCopy(bytes.subarray(0, at))).toBe('refused');
      }),
      { numRuns: 60 },
    );
  });

  it('has as many rows as it says', async () => {
    const { path } = await writeMonthFile(folder, '2021-06', rows.length + 1, linesOf(rows));
    await expect(readMonthFile(path)).rejects.toThrow(`has ${rows.length} rows, its head says ${rows.length + 1}`);
  });
});
