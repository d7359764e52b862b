import { createInterface, type Interface } from 'node:readline/promises';
import type { Text } from '#lgsp/errors';
import { UsageError } from '../settings';
import { upstreamKinds, type UpstreamKind } from './draft';

/** What is asked, unless flags have said it. */
export interface Answers {
  name: string;
  upstream: UpstreamKind;
  /** Kebab-case. */
  queries: string[];
  commands: string[];
  owner: string;
  summary: Text;
}

export interface ConnectorFlags {
  rest?: boolean;
  soap?: boolean;
  none?: boolean;
  query?: string[];
  command?: string[];
  owner?: string;
  summary?: string;
  summaryVi?: string;
}

const kebab = /^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/;
const nameCharsMax = 40;
const operationsMax = 20;
const unnamedOwner = 'chưa xác định';

/** @throws UsageError that says what a name looks like */
export function checkName(what: string, name: string): string {
  if (kebab.test(name) && name.length <= nameCharsMax) return name;
  throw new UsageError(
    `"${name}" is no name of ${what}: lower-case words with hyphens, at most ${nameCharsMax} characters, such as air-quality`,
  );
}

/** The kind that the flags name; undefined when they name none. @throws UsageError when they name several */
export function kindOf(flags: ConnectorFlags): UpstreamKind | undefined {
  const named = upstreamKinds.filter((kind) => flags[kind]);
  if (named.length > 1) throw new UsageError(`say one of ${named.map((kind) => `--${kind}`).join(', ')}`);
  return named[0];
}

/**
 * Completes the flags with questions at a terminal; without one, with what a draft can begin with. Operations and owner may
 * always be changed later, the kind of outside system may not, so it is never guessed.
 */
export async function answersOf(name: string, flags: ConnectorFlags): Promise<Answers> {
  const asks = process.stdin.isTTY && process.stdout.isTTY;
  const terminal = asks ? createInterface({ input: process.stdin, output: process.stdout }) : undefined;
  try {
    const upstream = kindOf(flags) ?? (await askKind(terminal));
    const given = flags.query !== undefined || flags.command !== undefined;
    const { queries, commands } = given
      ? { queries: flags.query ?? [], commands: flags.command ?? [] }
      : await askOperations(terminal);
    checkOperations(upstream, queries, commands);
    const owner = flags.owner ?? (await ask(terminal, 'Who answers for it', unnamedOwner));
    return { name, upstream, queries, commands, owner, summary: summaryOf(name, flags) };
  } finally {
    terminal?.close();
  }
}

export const ownerOf = ({ owner }: ConnectorFlags): string => owner ?? unnamedOwner;

/** What it is, in both languages: each stands in for the other where only one is given. */
export function summaryOf(name: string, { summary, summaryVi }: ConnectorFlags, found?: Partial<Text>): Text {
  const words = name.replaceAll('-', ' ');
  const en = summary ?? found?.en ?? `${words[0]!.toUpperCase()}${words.slice(1)}`;
  return { en, vi: summaryVi ?? found?.vi ?? `Bản nháp: ${words}` };
}

async function askKind(terminal: Interface | undefined): Promise<UpstreamKind> {
  if (!terminal) throw new UsageError('say what the outside system speaks: --rest, --soap or --none; or --from <file>');
  const kind = await ask(terminal, `What does the outside system speak (${upstreamKinds.join(', ')})`, 'rest');
  const found = upstreamKinds.find((each) => each === kind);
  if (!found) throw new UsageError(`"${kind}" is none of ${upstreamKinds.join(', ')}`);
  return found;
}

async function askOperations(terminal: Interface | undefined): Promise<{ queries: string[]; commands: string[] }> {
  const names = async (what: string, otherwise: string): Promise<string[]> =>
    (await ask(terminal, what, otherwise)).split(/[\s,]+/).filter(Boolean);
  return {
    queries: await names('Its queries, which have no effect there', 'get-record'),
    commands: await names('Its commands, which have one', ''),
  };
}

function checkOperations(upstream: UpstreamKind, queries: readonly string[], commands: readonly string[]): void {
  const all = [...queries, ...commands];
  for (const operation of all) checkName('an operation', operation);
  const double = all.find((operation, index) => all.indexOf(operation) !== index);
  if (double) throw new UsageError(`"${double}" is named twice`);
  if (all.length === 0 || all.length > operationsMax)
    throw new UsageError(`a connector has 1 to ${operationsMax} operations`);
  if (upstream === 'none' && commands.length > 0) {
    throw new UsageError('a command has an effect in an outside system, and --none has none: use --rest or --soap');
  }
}

async function ask(terminal: Interface | undefined, question: string, otherwise: string): Promise<string> {
  if (!terminal) return otherwise;
  return (await terminal.question(`${question}${otherwise ? ` [${otherwise}]` : ''}: `)).trim() || otherwise;
}
