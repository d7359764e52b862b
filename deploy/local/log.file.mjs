/** The log of one part: its output in a file of bounded size; warnings and errors also on the terminal. */
import { createWriteStream, mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { places } from './places.mjs';
import { say } from './say.mjs';

/** Largest log of one part of one run, in bytes. */
const fileBytesMax = 100_000_000;
const keptLinesMax = 20;
const lineCharsMax = 300;
/** At most so many lines of one part are shown in one window of time, so that one part cannot flood the terminal. */
const shownMax = 5;
const shownWindowMs = 10_000;

const shownLevels = new Set(['warn', 'error', 'fatal']);

export class LogFile {
  /** Resolves when the part has closed its output. @type {Promise<unknown>} */
  ended;
  /** @type {string[]} */
  #kept = [];
  #bytes = 0;
  #shown = 0;
  #windowStart = 0;
  #name;
  #file;
  #isWanted;

  /**
   * @param {string} name
   * @param {import('node:child_process').ChildProcess} child whose output is piped
   * @param {() => boolean} isWanted whether warnings are shown now
   */
  constructor(name, child, isWanted) {
    this.#name = name;
    this.#isWanted = isWanted;
    mkdirSync(places.logs, { recursive: true, mode: 0o700 });
    this.#file = createWriteStream(places.log(name), { mode: 0o600 });
    const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
    const readers = streams.map((input) => createInterface({ input, crlfDelay: Infinity }));
    for (const reader of readers) reader.on('line', (line) => this.#take(line));
    this.ended = Promise.all(
      readers.map((reader) => new Promise((resolve) => reader.once('close', () => resolve(undefined)))),
    ).then(() => this.#file.end());
  }

  lastLines() {
    return this.#kept.map((line) => `  ${line.slice(0, lineCharsMax)}`).join('\n');
  }

  /** @param {string} line */
  #take(line) {
    this.#kept.push(line);
    if (this.#kept.length > keptLinesMax) this.#kept.shift();
    this.#write(`${line}\n`);
    const warning = warningOf(line);
    if (warning !== undefined && this.#isWanted()) this.#show(warning);
  }

  /** @param {string} text */
  #write(text) {
    if (this.#bytes > fileBytesMax) return;
    this.#bytes += Buffer.byteLength(text);
    this.#file.write(this.#bytes > fileBytesMax ? 'This log is full: the rest is left out.\n' : text);
  }

  /** @param {string} warning */
  #show(warning) {
    const now = Date.now();
    if (now - this.#windowStart > shownWindowMs) [this.#windowStart, this.#shown] = [now, 0];
    this.#shown++;
    if (this.#shown <= shownMax) say(`${this.#name}: ${warning.slice(0, lineCharsMax)}`);
    else if (this.#shown === shownMax + 1) say(`${this.#name}: more in ${places.log(this.#name)}`);
  }
}

/**
 * What of a log line the person at the terminal should see; undefined for ordinary lines.
 * @param {string} line
 */
function warningOf(line) {
  if (!line.startsWith('{')) return /\[(ERR|FTL)\]/.test(line) ? line : undefined;
  try {
    const { level, msg, err } = JSON.parse(line);
    if (!shownLevels.has(level)) return undefined;
    return [msg, err?.message, err?.cause?.message].filter((part) => part).join(': ');
  } catch {
    return undefined; // Not a line of ours: it is in the file as it came.
  }
}
