import { recordText, type Finding } from '.';
import { EvidenceCheck } from './evidence.lines';
import { sampleRecord, TrailMaker, type MadeRecorder } from './testing';
import { sealBatch } from './record.batch';
import type { Anchor } from './trail.check';

/** Two gateways, five batches with nine records, two seals. */
function makeTrail(): { trail: TrailMaker; one: MadeRecorder; two: MadeRecorder } {
  const trail = new TrailMaker();
  const one = trail.recorder();
  const two = trail.recorder();
  trail.append(one, sampleRecord(), sampleRecord(), sampleRecord());
  trail.append(two, sampleRecord());
  trail.append(one, sampleRecord());
  trail.seal();
  trail.append(two, sampleRecord(), sampleRecord(), sampleRecord());
  trail.append(one, sampleRecord());
  trail.seal();
  return { trail, one, two };
}

async function check(lines: string[], keys?: TrailMaker['keys'], anchors: Anchor[] = []): Promise<EvidenceCheck> {
  const file = new EvidenceCheck(keys, anchors);
  for (const line of lines) await file.line(line);
  await file.end();
  return file;
}

const findingsIn = async (lines: string[], keys?: TrailMaker['keys'], anchors?: Anchor[]): Promise<Finding[]> =>
  (await check(lines, keys, anchors)).trail!.findings.list;

/** Changes the records of the batch at an index, and leaves its head. */
function withRecords(trail: TrailMaker, index: number, change: (texts: string[]) => string[]): void {
  const [head, ...texts] = trail.entries[index]!.split('\n');
  trail.entries[index] = [head, ...change(texts)].join('\n');
}

const idIn = (entry: string, nth: number): string => (JSON.parse(entry.split('\n')[nth + 1]!) as { id: string }).id;

it('a trail that nobody touched is proven, with keys from elsewhere or its own, whole or from a position on', async () => {
  const { trail } = makeTrail();
  const file = await check(trail.lines(), trail.keys);
  expect(file.trail!.findings.list).toEqual([]);
  expect(file.trail).toMatchObject({ batches: 5, proven: 5, records: 9 });
  expect(await findingsIn(trail.lines())).toEqual([]);
  expect(await findingsIn(trail.lines({ after: 3 }))).toEqual([]);
});

describe('a record', () => {
  it('that was changed is named: transaction, batch, position and place', async () => {
    const { trail, one } = makeTrail();
    const lines = trail.lines();
    const id = idIn(trail.entries[0]!, 1);
    withRecords(trail, 0, ([a, b, c]) => [a!, b!.replace('"succeeded"', '"failed"'), c!]);
    const at = { position: 1, recorder: one.name, batch: 1, index: 1, id };
    expect(await findingsIn(trail.lines())).toEqual([{ fault: 'changed-record', ...at }]);
    withRecords(trail, 0, ([a, , c]) => [a!, 'nonsense', c!]);
    lines[4] = JSON.stringify({ position: 1, batch: trail.entries[0] });
    expect(await findingsIn(lines)).toEqual([{ fault: 'changed-record', ...at, id: undefined }]);
  });

  it('that is missing, added, doubled or moved is named', async () => {
    const { trail, one } = makeTrail();
    const entry = trail.entries[0]!;
    const at = { position: 1, recorder: one.name, batch: 1 };
    const foreign = sampleRecord();
    const changed = async (change: (texts: string[]) => string[]): Promise<Finding[]> => {
      trail.entries[0] = entry;
      withRecords(trail, 0, change);
      return findingsIn(trail.lines());
    };
    expect(await changed(([a, , c]) => [a!, c!])).toEqual([{ fault: 'missing-record', ...at, index: 1 }]);
    expect(await changed(([a, b, c]) => [a!, recordText(foreign), b!, c!])).toEqual([
      { fault: 'added-record', ...at, index: 1, id: foreign.id },
    ]);
    expect(await changed(([a, b, c]) => [a!, b!, b!, c!])).toEqual([
      { fault: 'added-record', ...at, index: 2, id: idIn(entry, 1) },
    ]);
    expect(await changed(([a, b, c]) => [b!, a!, c!])).toEqual([
      { fault: 'moved-record', ...at, index: 0, id: idIn(entry, 1), detail: 'signed as record 1' },
      { fault: 'moved-record', ...at, index: 1, id: idIn(entry, 0), detail: 'signed as record 0' },
    ]);
    expect(await changed(([a, b]) => [a!.replace('120', '121'), b!])).toEqual([
      { fault: 'changed-record', ...at, index: 0, id: idIn(entry, 0) },
      { fault: 'missing-record', ...at, index: 2 },
    ]);
  });

  it('of a batch whose list of hashes was changed too is one of those that are named', async () => {
    const { trail } = makeTrail();
    withRecords(trail, 0, ([a, b, c]) => [a!, b!.replace('120', '121'), c!]);
    trail.entries[0] = trail.entries[0]!.replace(/"leaves":"../, '"leaves":"AA');
    const [finding] = await findingsIn(trail.lines());
    expect(finding).toMatchObject({ fault: 'changed-batch', position: 1 });
    for (const nth of [0, 1, 2]) expect(finding!.detail).toContain(idIn(trail.entries[0], nth));
  });
});

/** The lines of a file, less some, or changed: what somebody does to it after it was written. */
const without = (lines: string[], text: string): string[] =>
  lines.filter((line) => !line.includes(JSON.stringify(text)));
const faultsIn = async (lines: string[], keys?: TrailMaker['keys']): Promise<string[]> =>
  (await findingsIn(lines, keys)).map(({ fault, batch, until, recorder, position, seal }) =>
    [fault, recorder, batch, until, position, seal].filter((part) => part !== undefined).join(' '),
  );

describe('a batch', () => {
  it('that is taken out of a file is named, wherever it stood', async () => {
    const { trail, one, two } = makeTrail();
    const taken = (position: number): Promise<string[]> =>
      faultsIn(without(trail.lines(), trail.entries[position - 1]!));
    expect(await taken(1)).toEqual(
      expect.arrayContaining([
        `missing-position 1 1`,
        `missing-batch ${one.name} 1 1`,
        `missing-batch ${one.name} 1 1 1`,
      ]),
    );
    expect(await taken(3)).toEqual(expect.arrayContaining([`missing-batch ${one.name} 2 2`, 'missing-position 3 3']));
    expect(await taken(4)).toEqual(expect.arrayContaining([`missing-batch ${two.name} 2 2 2`, 'missing-position 4 4']));
    expect(await taken(5)).toEqual(expect.arrayContaining([`missing-batch ${one.name} 3 3 2`, 'missing-position 5 5']));
  });

  it('that is doubled, moved or added is named', async () => {
    const { trail, one, two } = makeTrail();
    const entryLine = (position: number): string => JSON.stringify({ position, batch: trail.entries[position - 1] });
    const lines = trail.lines();
    const doubled = lines.toSpliced(lines.indexOf(entryLine(3)), 0, entryLine(3));
    expect(await faultsIn(doubled)).toContain(`repeated-batch ${one.name} 2 3`);
    const late = lines.filter((line) => line !== entryLine(1));
    late.splice(late.indexOf(entryLine(3)) + 1, 0, entryLine(1));
    expect(await faultsIn(late)).toEqual(
      expect.arrayContaining([`moved-batch ${one.name} 1 1`, 'moved-position 1', 'missing-position 1 1']),
    );
    const forged = sealBatch([sampleRecord()], two.name, two.end, one.key);
    trail.entries.push(forged.text);
    expect(await faultsIn(trail.lines())).toEqual([`foreign-key ${two.name} 3 6`]);
    trail.entries.splice(5, 1, 'nonsense');
    const file = await check([
      ...lines.slice(0, -1),
      JSON.stringify({ position: 6, batch: 'nonsense' }),
      lines.at(-1)!,
    ]);
    expect(file.trail!.findings.list.map(({ fault }) => fault)).toContain('not-a-batch');
  });

  it('that was replaced by another of the same recorder breaks the chain', async () => {
    const { trail, one } = makeTrail();
    const first = trail.entries[0]!;
    const start = { number: 0, hash: '0'.repeat(64) };
    trail.entries[0] = sealBatch([sampleRecord()], one.name, start, one.key).text;
    expect(await faultsIn(trail.lines())).toEqual(
      expect.arrayContaining([`broken-chain ${one.name} 2 3`, `unlike-seal ${one.name} 1`]),
    );
    expect(first).not.toBe(trail.entries[0]);
  });
});

describe('what was done to the stream after it was sealed, and before a file was made of it', () => {
  /** The trail as it is once entries were changed, with seals from before and a closing seal from after. */
  const faultsAfter = (trail: TrailMaker): Promise<string[]> =>
    faultsIn(trail.lines({ through: trail.entries.length }));

  it('a chain that was cut at its end', async () => {
    const { trail, one } = makeTrail();
    trail.entries.pop();
    const [head, ...lines] = trail.lines();
    // The seal that covers the missing entry is still there.
    lines.splice(-1, 0, JSON.stringify({ seal: trail.seals[1] }));
    expect(await faultsIn([head!, ...lines])).toEqual(['unlike-seal 2']);
    const through = JSON.stringify({ ...(JSON.parse(head!) as object), through: 5 });
    expect(await faultsIn([through, ...lines])).toContain(`missing-batch ${one.name} 3 3 2`);
  });

  it('a recorder that vanished', async () => {
    const trail = new TrailMaker();
    const [one, two] = [trail.recorder(), trail.recorder()];
    trail.append(one, sampleRecord());
    trail.append(two, sampleRecord());
    trail.seal();
    trail.entries.pop();
    trail.append(one, sampleRecord());
    expect(await faultsAfter(trail)).toEqual(
      expect.arrayContaining([`missing-recorder ${two.name} 1 1 1`, `added-batch ${one.name} 2 2 1`]),
    );
  });

  it('a chain that was written anew with another key under the same id', async () => {
    const { trail, one } = makeTrail();
    const other = new TrailMaker().recorder();
    const start = { number: 0, hash: '0'.repeat(64) };
    const jwk = { ...other.jwk, kid: one.name, lgsp_recorder: one.name };
    const key = { kid: one.name, privateKey: other.key.privateKey };
    let end = start;
    for (const index of [0, 2, 4]) {
      const batch = sealBatch([sampleRecord({ client: 'another' })], one.name, end, key);
      trail.entries[index] = batch.text;
      end = batch.end;
    }
    Object.assign(one, { jwk, key });
    expect(await faultsAfter(trail)).toEqual(
      expect.arrayContaining([`changed-key ${one.name} 1`, `changed-key ${one.name} 2`]),
    );
  });
});

describe('the chain of seals', () => {
  it('must be whole and of the ledger', async () => {
    const { trail, one } = makeTrail();
    const lines = trail.lines();
    expect(await faultsIn(without(lines, trail.seals[0]!))).toContain('missing-seal 3 1');
    expect(await faultsIn(without(lines, trail.seals[1]!))).toContain('missing-seal 0');
    expect(await faultsIn(lines.slice(0, -1))).toEqual(['missing-seal']);
    const changed = trail.seals[0]!.replace('"records":5', '"records":6');
    expect(changed).not.toBe(trail.seals[0]);
    const line = JSON.stringify({ seal: trail.seals[0] });
    const replaced = (text: string): string[] =>
      lines.map((each) => (each === line ? JSON.stringify({ seal: text }) : each));
    expect(await faultsIn(replaced(changed))).toContain('wrong-seal-signature 1');
    expect(await faultsIn(replaced('nonsense'))).toContain('changed-seal');
    trail.ledger.name = one.name;
    trail.ledger.key = one.key;
    expect(await faultsIn(trail.lines())).toEqual([`foreign-key ${one.name} 0`]);
  });

  it('made anew with everything else shows against a seal that was kept elsewhere', async () => {
    const kept = (await check(makeTrail().trail.lines())).trail!.newestSeal!;
    const { trail } = makeTrail();
    const own = (await check(trail.lines())).trail!.newestSeal!;
    expect(await findingsIn(trail.lines(), trail.keys, [own])).toEqual([]);
    expect(await findingsIn(trail.lines(), trail.keys, [own, kept])).toEqual([{ fault: 'unknown-anchor', seal: 2 }]);
  });
});

it.each([
  ['through', 6, '0 to 6'],
  ['through', 4, '0 to 4'],
  ['after', 1, '1 to 5'],
])('a head that tells of another %s than what closes the file is named', async (name, value, told) => {
  const { trail } = makeTrail();
  const [head, ...lines] = trail.lines();
  const changed = { ...(JSON.parse(head!) as Record<string, unknown>), [name]: value };
  const detail = `it closes positions 0 to 5, not ${told}`;
  expect(await findingsIn([JSON.stringify(changed), ...lines])).toContainEqual({
    fault: 'unlike-seal',
    seal: 0,
    detail,
  });
});

describe('keys from elsewhere', () => {
  it('must be those of the file, and are the only ones that are believed', async () => {
    const { trail, one } = makeTrail();
    const keys = trail.keys;
    keys.delete(one.name);
    expect(await faultsIn(trail.lines(), keys)).toEqual(
      expect.arrayContaining([`unknown-key ${one.name}`, `unknown-key ${one.name} 1 1`]),
    );
    const { trail: other } = makeTrail();
    expect((await faultsIn(other.lines(), trail.keys)).length).toBeGreaterThan(5);
  });
});
