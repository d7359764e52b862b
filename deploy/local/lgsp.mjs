#!/usr/bin/env node
/** `npx lgsp …`: the command line, also on a fresh clone, where it installs and builds first. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuild } from './build.mjs';
import { checkNode, ensurePackages } from './install.mjs';
import { root } from './places.mjs';
import { told } from './say.mjs';

const main = join(root, 'dist/apps/cli/main.js');

try {
  if (!existsSync(main)) {
    checkNode();
    await ensurePackages();
    await ensureBuild();
  }
  await import(pathToFileURL(main).href);
} catch (error) {
  process.stderr.write(`${told(error)}\n`);
  process.exit(1);
}
