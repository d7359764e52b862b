/** `npm run build`, and what starts and tests do first: builds `dist` when the sources differ from those it was built from. */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { mustRun } from './commands.mjs';
import { readIfThere, root } from './places.mjs';
import { step, told } from './say.mjs';

/** TypeScript 7 checks and writes everything in a sixth of the time of 6, which tools that need its API keep at hand. */
export const compiler = join(root, 'node_modules/typescript7/bin/tsc');

const folders = ['apps', 'libs'];
const furtherFiles = [
  'package-lock.json',
  'nest-cli.json',
  'tsconfig.json',
  'deploy/tsconfig.build.json',
  'deploy/local/bundle.mjs',
];
const mark = join(root, 'dist/sources.sha256');

/** @param {AbortSignal} [signal] */
export async function ensureBuild(signal) {
  const sources = hashOfSources();
  if (readIfThere(mark)?.trim() === sources) return;
  await step('building', async () => {
    // A build that stops half-way must not look whole at the next start; and a compiler that remembers what it once
    // emitted leaves out what was removed since.
    rmSync(mark, { force: true });
    rmSync(join(root, 'dist/build.tsbuildinfo'), { force: true });
    await mustRun(process.execPath, [compiler, '-p', join(root, 'deploy/tsconfig.build.json')], { signal });
    copyAssets();
    removeOrphans();
    // Its bundler is among the packages, which may have been installed only now.
    const { bundleParts } = await import('./bundle.mjs');
    await bundleParts();
    writeFileSync(mark, `${sources}\n`);
  });
}

/** What is copied for browsers as it is. */
const isAsset = (/** @type {string} */ path) => path.includes('/public/');

/** Of names and contents, so that neither a touched file nor a clock matters. */
function hashOfSources() {
  const hash = createHash('sha256');
  const sources = folders
    .flatMap((folder) => filesBelow(join(root, folder)))
    .filter((path) => path.endsWith('.ts') || isAsset(path));
  for (const path of [...sources.toSorted(), ...furtherFiles.map((file) => join(root, file))]) {
    const content = readFileSync(path);
    hash.update(`${relative(root, path)} ${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

function copyAssets() {
  for (const path of folders.flatMap((folder) => filesBelow(join(root, folder))).filter(isAsset))
    cpSync(path, join(root, 'dist', relative(root, path)));
}

/** A file whose source is gone could still be loaded: it goes too. */
function removeOrphans() {
  for (const folder of folders) {
    for (const path of filesBelow(join(root, 'dist', folder))) {
      const name = relative(join(root, 'dist'), path);
      const source = isAsset(name) ? name : name.replace(/\.(js|js\.map|d\.ts)$/, '.ts');
      if (!existsSync(join(root, source))) rmSync(path);
    }
  }
}

/** @param {string} folder @returns {string[]} */
function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

if (process.argv[1] === import.meta.filename)
  ensureBuild().catch((error) => {
    process.stderr.write(`${told(error)}\n`);
    process.exit(1);
  });
