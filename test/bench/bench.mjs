/**
 * `npm run bench -- <scene>`: what a transaction costs the gateway beside other ways to relay it, on this machine, in this
 * run. Each scene is a file of `scenes/`.
 */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { say, told, Trouble } from '../../deploy/local/say.mjs';
import { contenderNames, describeContender } from './harness/contenders.mjs';
import { Lab } from './harness/lab.mjs';
import { describeOptions, optionsOf, readOptions } from './harness/options.mjs';
import { tell } from './harness/results.mjs';

const folder = join(import.meta.dirname, 'scenes');
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.scene.mjs'))
  .map((file) => basename(file, '.scene.mjs'))
  .toSorted();
const firstScene = 'compare';

/** @param {string} name @returns {Promise<import('./harness/options.mjs').Scene>} */
async function sceneOf(name) {
  if (!names.includes(name)) throw new Trouble(`there is no scene ${name}: ${names.join(', ')}`);
  const { scene } = await import(join(folder, `${name}.scene.mjs`));
  return scene;
}

async function help() {
  const width = Math.max(...[...names, ...contenderNames()].map((name) => name.length)) + 2;
  const list = (/** @type {[string, string][]} */ rows) =>
    rows.map(([name, text]) => `  ${name.padEnd(width)}${text}`).join('\n');
  const scenes = [];
  for (const name of names) scenes.push(/** @type {[string, string]} */ ([name, (await sceneOf(name)).summary]));
  return `npm run bench -- [scene] [options]

Scenes, each with options of its own (npm run bench -- <scene> --help); without a name it is ${firstScene}:
${list(scenes)}

Contenders:
${list(contenderNames().map((name) => [name, describeContender(name)]))}

Options of all scenes:
${describeOptions(optionsOf())}`;
}

async function main() {
  const [first, ...rest] = process.argv.slice(2);
  const named = first !== undefined && !first.startsWith('-');
  if (!named && first === '--help') return say(await help());
  const name = named ? first : firstScene;
  const scene = await sceneOf(name);
  const options = readOptions(named ? rest : process.argv.slice(2), scene);
  if (options.help) return say(`npm run bench -- ${name}\n\n${scene.summary}\n\n${describeOptions(optionsOf(scene))}`);
  const lab = new Lab(options);
  const stop = () => {
    void lab.close().then(() => process.exit(130));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, stop);
  try {
    await lab.prepare(scene);
    if (!tell(name, lab, await scene.run(lab))) process.exitCode = 1;
  } finally {
    await lab.close();
  }
}

main().catch((error) => {
  process.stderr.write(`${told(error)}\n`);
  process.exitCode = 1;
});
