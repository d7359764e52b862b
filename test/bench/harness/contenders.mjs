/** Contenders: each a folder with a package file of its own; what it needs is installed outside the repository. */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../../../deploy/local/commands.mjs';
import { places, readIfThere } from '../../../deploy/local/places.mjs';
import { step, Trouble } from '../../../deploy/local/say.mjs';

const folder = join(import.meta.dirname, '../contenders');
const installTimeoutMs = 900_000;
/** Keeps a registry's host out of a lock file that is made here. */
const npmOptions = ['--omit-lockfile-registry-resolved', '--no-audit', '--no-fund'];

/** All contenders, by name. */
export const contenderNames = () => readdirSync(folder).toSorted();

/** @param {string} name */
const manifestOf = (name) => JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8'));

/** What a contender is, in one line. @param {string} name */
export const describeContender = (name) => /** @type {string} */ (manifestOf(name).description);

/**
 * Makes a contender ready to be started. @param {string} name
 * @returns {Promise<string>} the folder to run it from
 */
export async function installContender(name) {
  const source = join(folder, name);
  if (!existsSync(source)) throw new Trouble(`there is no contender ${name}: ${contenderNames().join(', ')}`);
  if (!manifestOf(name).dependencies) return source;
  const target = join(places.local, 'bench', name);
  const mark = join(target, 'node_modules/.installed');
  const wanted = hashOf(source);
  if (readIfThere(mark) === wanted) return target;
  await step(`installing ${name}`, async () => {
    mkdirSync(target, { recursive: true });
    for (const entry of readdirSync(target))
      if (entry !== 'node_modules') rmSync(join(target, entry), { recursive: true });
    cpSync(source, target, { recursive: true });
    await npm(target, existsSync(join(source, 'package-lock.json')) ? 'ci' : 'install');
    if (!existsSync(join(source, 'package-lock.json'))) {
      cpSync(join(target, 'package-lock.json'), join(source, 'package-lock.json'));
    }
    await npm(target, 'run', 'build', '--if-present');
    writeFileSync(mark, hashOf(source));
  });
  return target;
}

/** @param {string} target @param {string[]} args */
const npm = (target, ...args) =>
  mustRun('npm', ['--prefix', target, ...args, ...npmOptions], { timeoutMs: installTimeoutMs });

/** Of names and contents. @param {string} source */
function hashOf(source) {
  const hash = createHash('sha256');
  for (const file of readdirSync(source, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath, file.name);
    hash.update(`${path.slice(source.length)}\n`).update(readFileSync(path));
  }
  return hash.digest('hex');
}
