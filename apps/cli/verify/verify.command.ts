import { Command, InvalidArgumentError } from 'commander';
import { findingText, type Anchor } from '#lgsp/records';
import { ProgressBar } from '../progress.bar';
import { verifyFile, type Verdict } from './verify.file';

interface VerifyFlags {
  keys?: string;
  request?: string;
  answer?: string;
  seal: Anchor[];
  json?: boolean;
}

/** Most findings that are written out for people. */
const shownMax = 50;

/** `lgsp verify <file>`: needs no bus. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description(
      'proves a receipt or an evidence file, offline, and names what is wrong; exit code 0 only when all is proven',
    )
    .argument('<file>', 'as "lgsp transactions receipt" or "lgsp evidence export" wrote it')
    .option(
      '--keys <file>',
      'public keys, as /.well-known/jwks.json gives them; without it, those in the file are believed',
    )
    .option('--request <file>', 'with a receipt: the body that was sent; its hash must be the recorded one')
    .option('--answer <file>', 'with a receipt: the body that was answered')
    .option(
      '--seal <number:hash>',
      'with an evidence file: a seal that was kept elsewhere and must be in it',
      anchors,
      [],
    )
    .option('--json', 'for programs')
    .action(async (file: string, { json, seal, ...options }: VerifyFlags) => {
      let bar: ProgressBar | undefined;
      const onProgress = (done: number, total: number): void => {
        bar ??= new ProgressBar(total, 'positions');
        bar.reach(done);
      };
      const verdict = await verifyFile(file, { ...options, anchors: seal, ...(json ? {} : { onProgress }) });
      bar?.end();
      process.stdout.write(`${json ? JSON.stringify(verdict, null, 2) : verdictText(verdict)}\n`);
      if (!verdict.proven) process.exitCode = 1;
    });
}

function anchors(text: string, before: Anchor[]): Anchor[] {
  const match = /^([1-9][0-9]{0,14}):([0-9a-f]{64})$/.exec(text);
  if (!match) throw new InvalidArgumentError('it must be the number of a seal, a colon, and its 64 hexadecimal digits');
  return [...before, { number: Number(match[1]), hash: match[2]! }];
}

/** A verdict as a person reads it. */
export function verdictText({ kind, proven, ownKeys, findings, findingCount, facts, anchor }: Verdict): string {
  const known = Object.entries(facts).filter(([, value]) => value !== undefined);
  const width = Math.max(...known.map(([name]) => name.length));
  const more = findingCount - Math.min(findings.length, shownMax);
  return [
    kind === 'receipt' ? 'Receipt' : 'Evidence',
    ...known.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
    ...(anchor ? [`  ${'seal'.padEnd(width)}  ${anchor.number}:${anchor.hash}`] : []),
    '',
    ...findings.slice(0, shownMax).map((finding) => `✗ ${findingText(finding)}`),
    ...(more > 0 ? [`✗ and ${more} more`] : []),
    proven ? '✓ all of it is proven' : `✗ not proven: ${findingCount} ${findingCount === 1 ? 'fault' : 'faults'}`,
    ...(ownKeys && proven ? ['', ownKeysWarning] : []),
  ].join('\n');
}

const ownKeysWarning = `! The public keys are those in the file itself. It is whole in itself, but whoever made it anew from the beginning could have
  put other keys into it: compare with --keys and the set that you kept, or that the gateway publishes (/.well-known/jwks.json).`;
