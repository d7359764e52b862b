/** Runs other programs to their end: npm, the build, apt. */
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from './places.mjs';
import { Trouble } from './say.mjs';

/** How much of a program's output is kept to be shown when it fails, in characters. */
const outputCharsMax = 200_000;

/**
 * @typedef {object} RunOptions
 * @property {NodeJS.ProcessEnv} [environment] instead of our own
 * @property {AbortSignal} [signal] ends the program
 * @property {number} [timeoutMs] longest time it may take
 */

/**
 * Runs a program to its end without showing what it prints.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{code: number, stdout: string, output: string}>} `output` holds both streams
 */
export function run(command, args, { environment = process.env, signal, timeoutMs = 600_000 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
      timeout: timeoutMs,
    });
    let stdout = '';
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout = (stdout + text).slice(-outputCharsMax);
      output = (output + text).slice(-outputCharsMax);
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      output = (output + text).slice(-outputCharsMax);
    });
    child.once('error', (error) => {
      if (error.name === 'AbortError') reject(error);
      else resolve({ code: 127, stdout, output: `${output}${command}: ${error.message}\n` });
    });
    child.once('close', (code, killedBy) => {
      if (killedBy) output += `${command} was ended by ${killedBy}\n`;
      resolve({ code: code ?? 1, stdout, output });
    });
  });
}

/**
 * As `run`; a failure is shown with the end of what the program printed.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 */
export async function mustRun(command, args, options) {
  const result = await run(command, args, options);
  if (result.code !== 0) {
    const end = result.output.trimEnd().split('\n').slice(-25).join('\n');
    throw new Trouble(`"${[command, ...args].join(' ')}" failed (exit code ${result.code}):\n${end}`);
  }
  return result;
}

/** Folders where servers are installed and which an ordinary user's PATH leaves out. */
const furtherFolders = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin'];
/** Here Debian puts the programs of each version of PostgreSQL. */
const versionsOfPostgres = '/usr/lib/postgresql';

/**
 * The full path of a program, looked for on PATH and where servers are usually installed.
 * @param {string} command
 */
export function find(command) {
  const onPath = (process.env['PATH'] ?? '').split(delimiter);
  const folders = [...onPath, ...furtherFolders, ...postgresFolders()].filter((folder) => folder);
  return folders.map((folder) => join(folder, command)).find(isProgram);
}

/** The newest first. */
function postgresFolders() {
  if (!existsSync(versionsOfPostgres)) return [];
  const versions = readdirSync(versionsOfPostgres).toSorted((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(versionsOfPostgres, version, 'bin'));
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // Not there, or not for us to run: the next folder may have it.
  }
}

/**
 * Whether a quick question to a program is answered with success.
 * @param {string} command
 * @param {readonly string[]} args
 */
export function answers(command, args) {
  return find(command) !== undefined && spawnSync(command, args, { stdio: 'ignore', timeout: 10_000 }).status === 0;
}

/** Whether a process runs. @param {number} pid */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
