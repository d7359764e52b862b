/** `npm run chaos -- <scene>`: a test of test/chaos at its full length; `npm test` runs each of them short. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './places.mjs';
import { say } from './say.mjs';

const ending = '.spec.ts';
const scenes = readdirSync(join(root, 'test/chaos'))
  .filter((name) => name.endsWith(ending))
  .map((name) => name.slice(0, -ending.length));

const [scene = '', ...options] = process.argv.slice(2);
if (scenes.includes(scene)) {
  process.env['LGSP_CHAOS'] = 'full';
  process.argv = [...process.argv.slice(0, 2), join('test/chaos', `${scene}${ending}`), ...options];
  await import('./test.mjs');
} else {
  say(`npm run chaos -- <scene>, where the scene is one of: ${scenes.join(', ')}. Options after it go to Jest.`);
  process.exitCode = scene === '--help' ? 0 : 1;
}
