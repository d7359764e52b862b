/** `npm run chaos -- <scene>`: a test of test/chaos at its full length; `npm test` runs each of them short. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './places.mjs';
import { say } from './say.mjs';

const ending = '.spec.ts';
const scenes = readdirSync(join(root, 'test/chaos'))
  .filter((name) => name.endsWith(ending))
  .map((name) => name.slice(0, -ending.length));

const roundsMax = 1_000;
/** Most that a scene is made for. */
const roundsOwn = 40;
/** Longest time of a round, and of all that is done once, on both databases: a scene that never ends must not hold a machine. */
const roundMs = 240_000;
const onceMs = 1_200_000;

/**
 * Takes `--rounds <count>` out of the options; what is left is for Jest.
 * @param {string[]} options
 * @returns {number | 'own' | undefined} the scene's own number when none is given, undefined when it is none
 */
function roundsOf(options) {
  const at = options.indexOf('--rounds');
  if (at < 0) return 'own';
  const [, text = ''] = options.splice(at, 2);
  const rounds = /^[0-9]+$/.test(text) ? Number(text) : 0;
  return rounds >= 1 && rounds <= roundsMax ? rounds : undefined;
}

const [scene = '', ...options] = process.argv.slice(2);
const rounds = roundsOf(options);
if (scenes.includes(scene) && rounds !== undefined) {
  process.env['LGSP_CHAOS'] = 'full';
  if (rounds !== 'own') process.env['LGSP_CHAOS_ROUNDS'] = String(rounds);
  process.env['LGSP_TEST_TIMEOUT_MS'] = String((rounds === 'own' ? roundsOwn : rounds) * roundMs + onceMs);
  process.argv = [...process.argv.slice(0, 2), join('test/chaos', `${scene}${ending}`), ...options];
  await import('./test.mjs');
} else {
  say(`npm run chaos -- <scene> [--rounds <count>], where the scene is one of: ${scenes.join(', ')}.`);
  say(
    `There may be 1 to ${roundsMax} rounds; without a count there are as many as the scene is made for. Other options go to Jest: -t postgresql takes that database only.`,
  );
  process.exitCode = scene === '--help' ? 0 : 1;
}
