/** `npm run check`: format, lint, types, arrows and unit tests, at once and in under a minute; or only those that are named. */
import { join } from 'node:path';
import { compiler } from './build.mjs';
import { run } from './commands.mjs';
import { checkNode, ensurePackages } from './install.mjs';
import { root } from './places.mjs';
import { inSeconds, say, told, Trouble } from './say.mjs';

const bin = (/** @type {string} */ name) => join(root, 'node_modules/.bin', name);

/** @type {Record<string, string[]>} */
const checks = {
  format: [bin('oxfmt'), '--check', '.'],
  lint: [bin('oxlint'), '--type-aware', '--deny-warnings'],
  types: [process.execPath, compiler, '--noEmit'],
  arrows: [bin('depcruise'), '--config', '.dependency-cruiser.cjs', 'apps', 'libs', 'test'],
  'unit tests': [
    bin('jest'),
    '-c',
    'test/jest.config.json',
    'libs/(errors|config|telemetry|vietnam|kit|conformance)',
    'test/(docs|architecture)',
  ],
};

async function main() {
  checkNode();
  await ensurePackages();
  const beganAt = performance.now();
  const names = chosen(process.argv.slice(2));
  const results = await Promise.all(names.map((name) => check(name, checks[name] ?? [])));
  const failed = results.filter(({ code }) => code !== 0);
  for (const { name, output } of failed) say(`\n${name}:\n${output.trimEnd()}`);
  say('');
  for (const { name, code, ms } of results)
    say(`${code === 0 ? 'ok    ' : 'FAILED'}  ${name.padEnd(12)} ${inSeconds(ms)}`);
  say(`${failed.length === 0 ? 'all is well' : 'something is wrong'}, after ${inSeconds(performance.now() - beganAt)}`);
  process.exit(failed.length === 0 ? 0 : 1);
}

/** @param {readonly string[]} named all of them when none is */
function chosen(named) {
  const unknown = named.filter((name) => !(name in checks));
  if (unknown.length > 0)
    throw new Trouble(`there is no check ${unknown.join(', ')}; there are ${Object.keys(checks).join(', ')}`);
  return named.length > 0 ? named : Object.keys(checks);
}

/** @param {string} name @param {string[]} commandLine */
async function check(name, [command = '', ...args]) {
  const startedAt = performance.now();
  const { code, output } = await run(command, args);
  return { name, code, output, ms: performance.now() - startedAt };
}

main().catch((error) => {
  process.stderr.write(`${told(error)}\n`);
  process.exit(1);
});
