/** Files of environment variables that a shell can read with `.` and so can we: `NAME=value`, quoted where needed. */
import { places, readIfThere, writePrivate } from './places.mjs';

/** @typedef {Record<string, string>} Environment */

const plain = /^[\w.:/@%+,=*-]*$/;

/**
 * A word as a POSIX shell takes it literally.
 * @param {string} text
 */
export function quoted(text) {
  return plain.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * @param {string} path
 * @param {Environment} environment
 */
export function writeEnvironment(path, environment) {
  const lines = Object.entries(environment).map(([name, value]) => `${name}=${quoted(value)}\n`);
  writePrivate(path, lines.join(''));
}

/**
 * Reads what `writeEnvironment` wrote; undefined when the file is not there.
 * @param {string} path
 * @returns {Environment | undefined}
 */
export function readEnvironment(path) {
  const text = readIfThere(path);
  if (text === undefined) return undefined;
  /** @type {Environment} */
  const environment = {};
  for (const [, name = '', value = ''] of text.matchAll(/^([A-Z][A-Z0-9_]*)=((?:[^'\n]|'[^']*')*)$/gm)) {
    environment[name] = value.replaceAll(`'\\''`, '\0').replaceAll("'", '').replaceAll('\0', "'");
  }
  return environment;
}

/** What the demonstration clients know, as far as it was written. */
export const readDemo = () => readEnvironment(places.demo) ?? {};
