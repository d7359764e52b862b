import { readFileSync } from 'node:fs';
import type { FormatConfig } from 'oxfmt';
import type { ConnectorDraft } from './draft';
import { UsageError } from '../settings';
import { configText, connectorText, examplesText, mainText } from './text/connector.text';
import { messagesText } from './text/messages.text';
import { pageText } from './text/page.text';
import { specText } from './text/spec.text';
import { standInText } from './text/stand-in.text';
import { upstreamText } from './text/upstream.text';

export interface NewFile {
  /** Below the top folder. */
  path: string;
  text: string;
}

const connectorLinesMax = 120;
const linesMax = 300;

/** Every file of a new connector, in the form of the house. @throws UsageError when it would not fit into the house's limits */
export async function filesOf(draft: ConnectorDraft): Promise<NewFile[]> {
  const { name, upstream } = draft;
  const room = `apps/${name}`;
  const texts: [string, string][] = [
    [`${room}/main.ts`, mainText(draft)],
    [`${room}/${name}.connector.ts`, connectorText(draft)],
    [`${room}/${name}.examples.ts`, examplesText(draft)],
    [`${room}/${name}.messages.ts`, messagesText(draft)],
    [`${room}/${name}.config.ts`, configText(draft)],
    [`${room}/${name}.connector.spec.ts`, specText(draft)],
    [`docs/connectors/${name}.md`, pageText(draft)],
  ];
  if (upstream !== 'none') {
    texts.push([`${room}/${name}.upstream.ts`, upstreamText(draft)]);
    texts.push([`apps/sandbox/${name}/${name}.stand-in.ts`, standInText(draft)]);
  }
  const files = await Promise.all(texts.map(async ([path, text]) => ({ path, text: await formatted(path, text) })));
  const long = files.filter(({ path, text }) => lines(text) > most(path));
  if (long.length > 0) {
    const which = long.map(({ path, text }) => `${path} ${lines(text)} lines, at most ${most(path)}`).join('; ');
    const names = draft.operations.map(({ verb }) => verb).join(', ');
    throw new UsageError(`too much for one connector (${which}): choose with --operation, of ${names}`);
  }
  return files;
}

const lines = (text: string): number => text.trimEnd().split('\n').length;

const most = (path: string): number =>
  path.endsWith('.connector.ts') ? connectorLinesMax : path.endsWith('.ts') ? linesMax : Number.POSITIVE_INFINITY;

/** As `npm run format` would write it. @throws when the text is not of its language */
export async function formatted(path: string, text: string): Promise<string> {
  const { format } = await import('oxfmt');
  const settings = JSON.parse(readFileSync('.oxfmtrc.json', 'utf8')) as FormatConfig;
  const { code, errors } = await format(path, text, settings);
  if (errors.length > 0) throw new Error(`${path}: ${errors.map(({ message }) => message).join('; ')}`);
  return code;
}
