import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { bookSubjects, EvidenceCheck, exportEvidence, findingText, type EvidenceSource } from '#lgsp/records';
import { withBook, type AskBook } from '../book.access';
import { dayOption } from '../day.option';
import { ProgressBar } from '../progress.bar';
import { UsageError, type Settings } from '../settings';
import { writeEvidenceFile } from './evidence.file';

interface ExportFlags {
  from: string;
  to: string;
  output: string;
  force?: boolean;
}

/** A closing seal may have to read what came since the last one. */
const closingMs = 110_000;

/** `lgsp evidence`: needs the operator's credentials of NATS. */
export function evidenceCommand(settings: Settings): Command {
  const evidence = new Command('evidence').description('signed evidence of what was recorded in a period');
  evidence
    .command('export')
    .description('writes what stood in the log of record, with keys and seals, into a file that "lgsp verify" proves')
    .requiredOption('--from <day>', 'first day on which it was recorded, in Vietnam: 2026-11-24', dayOption)
    .requiredOption('--to <day>', 'last day', dayOption)
    .requiredOption('--output <file>', 'where to; a name that ends in .evidence.gz says what it is')
    .option('--force', 'replaces a file that is there')
    .action((flags: ExportFlags) => withBook(settings, (ask) => exportTo(ask, flags)));
  return evidence;
}

const nothingThen = `Nothing was recorded on these days. What "lgsp demo history" made was recorded when it was made, not in 2022.
`;

async function exportTo(ask: AskBook, { from, to, output, force }: ExportFlags): Promise<void> {
  if (from > to) throw new UsageError(`--from ${from} is after --to ${to}`);
  if (existsSync(output) && !force) throw new UsageError(`${output} is there already: name another file, or --force`);
  // What is written is checked at once: better to know now than when the file is needed.
  const check = new EvidenceCheck(undefined);
  await writeEvidenceFile(output, checked(exportEvidence(sourceOf(ask), from, to), check));
  await check.end();
  const { batches, records, findings } = check.trail!;
  process.stdout.write(`${output}: ${batches} batches with ${records} records\n${batches === 0 ? nothingThen : ''}`);
  if (findings.count === 0) return;
  const lines = findings.list.slice(0, 50).map((finding) => `✗ ${findingText(finding)}`);
  process.stderr.write(`${lines.join('\n')}\n✗ the file is written, and shows ${findings.count} faults of the trail\n`);
  process.exitCode = 1;
}

async function* checked(lines: AsyncIterable<string>, check: EvidenceCheck): AsyncGenerator<string> {
  let bar: ProgressBar | undefined;
  for await (const line of lines) {
    await check.line(line);
    const { after, through } = check.head!;
    bar ??= new ProgressBar(through - after, 'positions');
    bar.reach(check.position - after);
    yield line;
  }
  bar?.end();
}

/** The ledger, as the source of evidence. */
export function sourceOf(ask: AskBook): EvidenceSource {
  return {
    evidence: (request) => ask(bookSubjects.evidence, request),
    seals: (request) => ask(bookSubjects.seals, request),
    closingSeal: (request) => ask(bookSubjects.closingSeal, request, closingMs),
    evidenceKeys: (request) => ask(bookSubjects.evidenceKeys, request),
  };
}
