import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Readable } from 'node:stream';
import { writeEvidenceFile } from '../../apps/cli/evidence/evidence.file';
import { differenceTexts } from '../../apps/cli/reconcile/difference';
import { verdictText } from '../../apps/cli/verify/verify.command';
import { verifyFile } from '../../apps/cli/verify/verify.file';
import {
  bodyHash,
  faultTexts,
  proveRecords,
  recordText,
  splitBatch,
  transactionIdAt,
  type Receipt,
  type TransactionRecord,
} from '#lgsp/records';
import { sampleRecord, TrailMaker } from '#lgsp/records/testing';
import { examplesOf, expectExamples } from './example.blocks';

/** The worked example of docs/evidence.md: made here, always the same; `npm run docs` writes it into the page. */

const page = join(__dirname, '../../docs/evidence.md');
const folder = mkdtempSync(join(tmpdir(), 'lgsp-docs-'));
afterAll(() => rmSync(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);
const request = Buffer.from('{"dossier":"H24.11-261124-0001","amount":50000}');
const answer = Buffer.from('{"paymentId":"PM-0001"}');
const trail = new TrailMaker('the example of docs/evidence.md');
const gateway = trail.recorder();

/** A payment: its intent in one batch, its outcome in the next; beside other transactions. */
const id = idOf('09:30:00.000');
const receivedAt = Date.parse('2026-11-24T09:30:00+07:00');
const salt = Buffer.from('an invented salt');
const intent: TransactionRecord = {
  id,
  step: 'intent',
  environment: 'production',
  client: 'one-stop',
  agency: 'H24.11',
  dossier: 'H24.11-261124-0001',
  procedure: '2.000635',
  system: 'payment',
  operation: 'create-payment',
  version: '1.0.0',
  kind: 'command',
  mode: 'sync',
  idempotency: `one-stop.${'k'.repeat(43)}`,
  deadline: receivedAt + 30_000,
  final: false,
  receivedAt,
  requestBytes: request.length,
  salt: salt.toString('base64url'),
  requestHash: bodyHash(salt, request),
  trace: '0af7651916cd43dd8448eb211c80319c',
};
const outcome: TransactionRecord = {
  ...intent,
  step: 'outcome',
  outcome: 'succeeded',
  final: true,
  sentAt: receivedAt + 2,
  returnedAt: receivedAt + 180,
  answeredAt: receivedAt + 181,
  upstreamMs: 171,
  attempts: 1,
  answerBytes: answer.length,
  answerHash: bodyHash(salt, answer),
};

function idOf(time: string): string {
  return transactionIdAt(Date.parse(`2026-11-24T${time}+07:00`), 0, Buffer.from('example!'));
}

trail.append(gateway, sampleRecord({ id: idOf('09:29:59.996') }), intent);
trail.append(gateway, outcome, sampleRecord({ id: idOf('09:30:00.180') }));
trail.append(gateway, sampleRecord({ id: idOf('09:30:02.000') }));
trail.seal();

/** What `lgsp verify` prints of a file of these bytes. */
async function verified(name: string, content: string | Buffer, flags: { request?: string } = {}): Promise<string> {
  writeFileSync(at(name), content);
  return verdictText(await verifyFile(at(name), { ...flags, keys: at('jwks.json') }));
}

async function examples(): Promise<Record<string, string>> {
  writeFileSync(at('jwks.json'), JSON.stringify({ keys: trail.jwks }));
  writeFileSync(at('request.json'), request);
  const records = trail.entries.flatMap((entry) => proveRecords(entry, id).proven);
  const receipt: Receipt = { v: 1, id, records, keys: trail.jwks, seal: trail.seals[0] };
  const text = JSON.stringify(receipt);
  await writeEvidenceFile(at('day.evidence.gz'), Readable.from(trail.lines()));
  const file = gunzipSync(readFileSync(at('day.evidence.gz'))).toString('utf8');
  const [, second] = trail.entries;
  const { leaves: _leaves, ...head } = splitBatch(second!).head;
  return {
    record: JSON.stringify(JSON.parse(recordText(outcome)), null, 2),
    head: JSON.stringify(head, null, 2),
    receipt: await verified('payment.receipt.json', text, { request: at('request.json') }),
    'changed receipt': await verified('changed.receipt.json', text.replace('create-payment', 'cancel-payment')),
    'other body': await verified('payment.receipt.json', text, { request: at('jwks.json') }),
    file: await verified('day.evidence.gz', readFileSync(at('day.evidence.gz'))),
    'changed record': await verified('changed.evidence', file.replace('\\"upstreamMs\\":171', '\\"upstreamMs\\":999')),
    'missing batch': await verified(
      'short.evidence',
      file
        .split('\n')
        .filter((line) => !line.startsWith('{"position":2,'))
        .join('\n'),
    ),
  };
}

it('docs/evidence.md shows what lgsp verify prints', async () => {
  const made = await examples();
  expectExamples(page, made);
  // Those of a ledger that runs are compared in test/e2e.
  expect(examplesOf(page)).toEqual([...Object.keys(made), 'reconcile', 'reconcile a change']);
});

it('docs/evidence.md names everything that can be found', () => {
  const text = readFileSync(page, 'utf8');
  const named = [...text.matchAll(/^\| `([a-z-]+)` +\|/gm)].map(([, name]) => name);
  expect(named).toEqual([...Object.keys(differenceTexts), ...Object.keys(faultTexts)]);
  for (const meaning of [...Object.values(differenceTexts), ...Object.values(faultTexts)])
    expect(text).toContain(meaning);
});
