/** Plain lines on the terminal: what is being done, and how long it took. */

/** @param {string} text */
export function say(text) {
  process.stdout.write(`${text}\n`);
}

/** @param {number} milliseconds */
export const inSeconds = (milliseconds) => `${(milliseconds / 1_000).toFixed(1)} s`;

/**
 * Says what begins, does it, and says how long it took.
 * @template T
 * @param {string} text
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(text, work) {
  const startedAt = performance.now();
  say(`- ${text} …`);
  const result = await work();
  say(`  done in ${inSeconds(performance.now() - startedAt)}`);
  return result;
}

/** Something that the person at the terminal has to put right: said without a stack trace. */
export class Trouble extends Error {
  name = 'Trouble';
}

/**
 * What to print for something thrown, at full length only when the fault is ours.
 * @param {unknown} thrown
 */
export function told(thrown) {
  if (thrown instanceof Trouble) return thrown.message;
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}
