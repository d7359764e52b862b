/**
 * Puts what each part loads at its start into the one file that it is started with: to look for, to read and to compile more than
 * a thousand files takes most of a process's start and a good part of its memory. What is loaded later, or finds files by its own place,
 * stays in `node_modules`. `node --enable-source-maps` names the lines of the sources.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build } from 'esbuild';
import { readParts } from './parts.mjs';
import { root } from './places.mjs';
import { Trouble } from './say.mjs';

/** They find files beside them; or nothing needs them unless it is asked for. */
const stays = /^(@electric-sql\/pglite|@opentelemetry\/|pg-native|swagger-ui-dist)/;
/** Small, and what those above share with the rest of a process. */
const shared = '@opentelemetry/api';
/** Nest looks for its own packages with `import()`: it must find the copy that it is. */
const nest = '@nestjs/microservices';

/** What CommonJS modules find in theirs, for the modules that they become. */
const commonJs = [
  `import { createRequire as lgspCreateRequire } from 'node:module';`,
  `const require = lgspCreateRequire(import.meta.url);`,
  `const { filename: __filename, dirname: __dirname } = import.meta;`,
].join('\n');

/** The entry points in `dist` become one line each: what they loaded is in `dist/bundle`, what several need there once. */
export async function bundleParts() {
  // The sandbox finds its stand-ins in its folder.
  const parts = readParts().filter(({ kind }) => kind !== 'sandbox');
  const folder = join(root, 'dist/bundle');
  rmSync(folder, { recursive: true, force: true });
  const { outputFiles } = await build({
    entryPoints: parts.map(({ name, main }) => ({ in: main, out: name })),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    write: false,
    bundle: true,
    format: 'esm',
    splitting: true,
    chunkNames: 'shared-[hash]',
    platform: 'node',
    target: 'node20',
    banner: { js: commonJs },
    // Names stay, for logs and for Nest, by not being touched: to have them set costs a call for each function that is made.
    minifyWhitespace: true,
    legalComments: 'linked',
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'error',
    plugins: [{ name: 'parts', setup: resolveAsInTheTree }],
  });
  mkdirSync(folder, { recursive: true });
  for (const { path, text } of outputFiles) writeFileSync(path, path.endsWith('.mjs') ? inAscii(text) : text);
  for (const { name, main } of parts)
    writeFileSync(main, `import(${JSON.stringify(`${relative(dirname(main), folder)}/${name}.mjs`)});\n`);
}

/** @param {import('esbuild').PluginBuild} plugin */
function resolveAsInTheTree({ onLoad, onResolve }) {
  onResolve({ filter: /^[^.#/]/ }, ({ path, kind }) => {
    const isLater = kind === 'dynamic-import' && !path.startsWith(nest);
    return isLater || (stays.test(path) && path !== shared) ? { path, external: true } : undefined;
  });
  onLoad({ filter: /\/dist\/(apps|libs)\/.*\.js$/ }, ({ path }) => {
    // A module's own folder stays its own; and what is loaded later gives its names, which `import()` of a bundled one does not.
    const folder = JSON.stringify(relative(join(root, 'dist/bundle'), dirname(path)));
    const contents = readFileSync(path, 'utf8')
      .replaceAll('__dirname', `require('node:path').join(__dirname, ${folder})`)
      .replaceAll(/\bimport\(('#lgsp\/[^']+')\)/g, 'Promise.resolve().then(() => require($1))');
    return { contents };
  });
}

/**
 * One character beyond ASCII makes V8 keep the whole text in twice the memory. They are left in regular expressions, where an
 * escape means the same, and in raw text, where it would not: nobody may write one there.
 * @param {string} text
 */
function inAscii(text) {
  const raw = /String\.raw`[^`]*[^\0-\x7f]/.exec(text)?.[0];
  if (raw) throw new Trouble(`write it without String.raw, which cannot be bundled with other than ASCII: ${raw}`);
  return text.replace(/[^\0-\x7f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
