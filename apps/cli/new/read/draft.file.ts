import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { parse } from 'yaml';
import { UsageError } from '../../settings';
import { openApiDraft, type ReadDraft } from './openapi.draft';
import { recordOf } from './openapi.schema';
import { wsdlDraft } from './wsdl.draft';

const fileBytesMax = 5_000_000;
const aliasesMax = 1_000;

/** Drafts a connector from the description of an outside system. @throws UsageError that says what is wrong with the file */
export async function draftOfFile(path: string, only?: readonly string[]): Promise<ReadDraft & { source: string }> {
  const source = basename(path);
  const text = read(path, source);
  const draft = /^\s*<|^\uFEFF\s*</.test(text)
    ? await wsdlDraft(text, only)
    : openApiDraft(documentOf(text, source), only);
  if (draft.operations.length === 0) {
    throw new UsageError(
      `no operation of ${source} can be drafted:\n${draft.leftOut.map((why) => `  ${why}`).join('\n')}`,
    );
  }
  return { ...draft, source };
}

function read(path: string, source: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isFile()) throw new UsageError(`there is no file ${path}`);
  if (found.size > fileBytesMax) throw new UsageError(`${source} is larger than ${fileBytesMax} bytes`);
  return readFileSync(path, 'utf8');
}

function documentOf(text: string, source: string): Record<string, unknown> {
  try {
    return recordOf(parse(text, { maxAliasCount: aliasesMax }));
  } catch (error) {
    throw new UsageError(`${source} is neither JSON nor YAML: ${(error as Error).message.split('\n')[0]}`);
  }
}
