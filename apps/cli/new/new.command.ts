import { basename } from 'node:path';
import { Command } from 'commander';
import { UsageError } from '../settings';
import { answersOf, checkName, kindOf, ownerOf, summaryOf, type ConnectorFlags } from './connector.answers';
import { filesOf, type NewFile } from './connector.files';
import { kebabOf, type ConnectorDraft } from './draft';
import { plainDraft } from './plain.draft';
import { draftOfFile } from './read/draft.file';
import { SourceTree } from './source.tree';
import { decide } from './text/source.text';

interface NewFlags extends ConnectorFlags {
  from?: string;
  operation?: string[];
  dryRun?: boolean;
  undo?: boolean;
  force?: boolean;
}

/** `lgsp new connector <name>` */
export function newCommand(): Command {
  return new Command('new').description('writes something new into the sources').addCommand(
    new Command('connector')
      .description('a connector that builds and keeps the contract before a line of it is written by hand')
      .argument('<name>', 'of the outside system: lower-case words with hyphens')
      .option('--rest', 'the outside system speaks JSON over HTTP')
      .option('--soap', 'it speaks SOAP 1.1')
      .option('--none', 'there is none: the connector works its answers out by itself')
      .option('--from <file>', 'drafts from its description: OpenAPI 3 (JSON or YAML) or WSDL 1.1')
      .option('--operation <names...>', 'only these operations of the file')
      .option('--query <names...>', 'operations without effect there')
      .option('--command <names...>', 'operations with an effect there')
      .option('--owner <text>', 'who answers for it')
      .option('--summary <text>', 'what it is, in English')
      .option('--summary-vi <text>', 'what it is, in Vietnamese')
      .option('--dry-run', 'only says what would be written')
      .option('--undo', 'takes back what this command has written')
      .option(
        '--force',
        'also where lists have changes that are not committed; with --undo, also what was changed since',
      )
      .action((name: string, flags: NewFlags) => newConnector(name, flags)),
  );
}

async function newConnector(name: string, flags: NewFlags): Promise<void> {
  checkName('a system', name);
  const tree = SourceTree.around();
  if (flags.undo) {
    const removed = await tree.remove(name, flags);
    process.stdout.write(`${name} is gone:\n${removed.map((path) => `  ${path}\n`).join('')}`);
    return;
  }
  if (tree.has(name)) throw new UsageError(`"${name}" is there already`);
  const dirty = flags.force || flags.dryRun ? [] : tree.dirtyLists();
  if (dirty.length > 0) {
    throw new UsageError(`commit first, or say --force: there are changes in ${dirty.join(', ')}, which are rewritten`);
  }
  const draft = await draftOf(name, flags);
  const files = await filesOf(draft);
  if (flags.dryRun) return sayPlan(files, tree.lists());
  await tree.add(name, files);
  sayDone(draft, files, tree.lists());
}

async function draftOf(name: string, flags: NewFlags): Promise<ConnectorDraft> {
  if (flags.from === undefined) {
    if (flags.operation) throw new UsageError('--operation chooses from a file: name the file with --from');
    return plainDraft(await answersOf(name, flags));
  }
  if (flags.query || flags.command) throw new UsageError('the file says which operations there are: use --operation');
  const read = await draftOfFile(flags.from, flags.operation);
  const kind = kindOf(flags);
  if (kind && kind !== read.upstream) {
    throw new UsageError(`${basename(flags.from)} describes a system that speaks ${read.upstream}, not ${kind}`);
  }
  return { ...read, name, owner: ownerOf(flags), summary: summaryOf(name, flags, read.summary) };
}

function sayPlan(files: readonly NewFile[], lists: readonly string[]): void {
  const lines = [
    'would write',
    ...files.map(({ path, text }) => `  ${path} (${text.trimEnd().split('\n').length} lines)`),
    'and change',
    ...lists.map((path) => `  ${path}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function sayDone(
  { name, operations, leftOut }: ConnectorDraft,
  files: readonly NewFile[],
  lists: readonly string[],
): void {
  const places = files.reduce((sum, { text }) => sum + text.split(decide).length - 1, 0);
  const [first] = operations;
  const context = first!.kind === 'command' ? ' --dossier H24.11-261101-0001' : '';
  const next = [
    [`npm test -- apps/${name}`, 'the contract, on each of its operations'],
    ['npm start', `the bus with ${name} in it`],
    [`npx lgsp call ${name}.${kebabOf(first!.verb)}${context}`, 'its first call, with its example'],
    [`grep -rn ${decide} apps/${name} apps/sandbox/${name}`, `what a person must decide, in ${places} places`],
    [`npx lgsp new connector ${name} --undo`, 'takes it all back'],
  ] as const;
  const width = Math.max(...next.map(([command]) => command.length));
  const lines = [
    `${name} is written:`,
    ...files.map(({ path }) => `  ${path}`),
    'and follows in:',
    ...lists.map((path) => `  ${path}`),
    ...(leftOut.length > 0 ? ['left out of the file:', ...leftOut.map((why) => `  ${why}`)] : []),
    'then:',
    ...next.map(([command, what]) => `  ${command.padEnd(width)}  ${what}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
