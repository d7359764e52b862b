import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';

const modules = resolve(__dirname, '../../../node_modules');
const { version } = JSON.parse(readFileSync(join(modules, '@electric-sql/pglite/package.json'), 'utf8')) as {
  version: string;
};
const template = join(modules, '.cache/lgsp', `pglite-${version}`);

/**
 * Puts an empty embedded database into a ledger's folder that has none, as PGlite would make it: with PGlite that takes seconds of
 * a processor, and a copy takes a moment. The book's tables are the ledger's affair. @param folder what `LGSP_LEDGER_DIR` names
 */
export async function prepareDatabase(folder: string): Promise<void> {
  const database = join(folder, 'database');
  if (existsSync(database)) return;
  if (!existsSync(template)) await makeTemplate();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await cp(template, database, { recursive: true });
}

/** Whole or not at all: another test file may do the same at this moment. */
async function makeTemplate(): Promise<void> {
  await mkdir(dirname(template), { recursive: true });
  const made = await mkdtemp(`${template}-`);
  const pglite = await PGlite.create(made);
  await pglite.close();
  try {
    await rename(made, template);
  } catch (error) {
    if (!existsSync(template)) throw error; // Somebody else was faster.
    await rm(made, { recursive: true });
  }
}
