import { existsSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { UsageError } from '../settings';

const fileFormats = ['csv', 'xlsx', 'json', 'html'] as const;
/** In which the gateway gives a report. */
export type FileFormat = (typeof fileFormats)[number];

/** The form that a file's name tells; a table when it tells none. */
export function formatOf(output: string | undefined): FileFormat | 'table' {
  const ending = extname(output ?? '').slice(1);
  return fileFormats.find((format) => format === ending) ?? 'table';
}

/** @throws UsageError when the file is there and is not to be replaced */
export function checkFree(path: string, force = false): void {
  if (existsSync(path) && !force) throw new UsageError(`${path} is there already: name another file, or --force`);
}

/** Writes the whole file, or none of it. */
export async function writeReportFile(path: string, content: string | Buffer): Promise<void> {
  const part = `${path}.part`;
  try {
    await writeFile(part, content);
    await rename(part, path);
  } catch (cause) {
    // Why it cannot be written is what matters, and not that nothing is left to be removed.
    await rm(part, { force: true }).catch(() => undefined);
    throw new UsageError(`${path} cannot be written: ${(cause as Error).message}`, { cause });
  }
}
