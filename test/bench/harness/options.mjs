/** The command line: the same options for all scenes, and those of one scene. */
import { parseArgs } from 'node:util';
import { Trouble } from '../../../deploy/local/say.mjs';

/**
 * @typedef {{says: string, value?: string, default?: string}} Option `value`: what stands after it in the help; none is a switch
 * @typedef {Record<string, Option>} Options
 *
 * @typedef {object} Scene one file of `scenes/`
 * @property {string} summary one line of the help
 * @property {boolean} [counted] it counts and does not time: it needs no load generator
 * @property {Options} [options] of its own, or other defaults of those of all
 * @property {(lab: import('./lab.mjs').Lab) => Promise<import('./results.mjs').Results>} run
 */

/** @type {Options} */
const sharedOptions = {
  rounds: { value: '<n>', default: '5', says: 'rounds of each subject, in turn; fewer than five give no verdict' },
  seconds: { value: '<n>', default: '4', says: 'length of one round' },
  warmup: { value: '<n>', default: '4', says: 'seconds of load before the first round' },
  connections: { value: '<n>', default: '16', says: 'connections of the load generator' },
  contenders: { value: '<a,b>', says: 'folders of test/bench/contenders' },
  'nats-server': { value: '<path>', says: 'the NATS server to use; else the one on PATH' },
  out: { value: '<folder>', says: 'where the table, the JSON and the charts are written (.local/bench/results)' },
  profile: { value: '<folder>', says: 'write CPU profiles of the contenders there; their figures are then worthless' },
  help: { says: 'this text' },
};

/** @param {Scene} [scene] */
export const optionsOf = (scene) => ({ ...sharedOptions, ...scene?.options });

/** @param {string[]} args @param {Scene} scene @returns {Record<string, string>} */
export function readOptions(args, scene) {
  const options = optionsOf(scene);
  const config = Object.entries(options).map(([name, { value, default: preset }]) => [
    name,
    value ? { type: 'string', ...(preset !== undefined && { default: preset }) } : { type: 'boolean' },
  ]);
  try {
    const { values } = parseArgs({ args, options: Object.fromEntries(config) });
    return /** @type {Record<string, string>} */ (/** @type {unknown} */ ({ ...values }));
  } catch (error) {
    throw new Trouble(`${/** @type {Error} */ (error).message}\n\nnpm run bench -- <scene> --help shows the options`);
  }
}

/** A list of positive numbers. @param {string} name @param {string} text */
export function numbers(name, text) {
  const list = text.split(',').map(Number);
  if (list.some((number) => !(number > 0))) throw new Trouble(`--${name} takes positive numbers, not "${text}"`);
  return list;
}

/** @param {Options} options */
export function describeOptions(options) {
  const rows = Object.entries(options).map(([name, { value, says, default: preset }]) => [
    `  --${name}${value ? ` ${value}` : ''}`,
    preset === undefined ? says : `${says} (${preset})`,
  ]);
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.map(([left, right]) => left.padEnd(width) + right).join('\n');
}
