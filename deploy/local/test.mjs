/**
 * `npm test`: the tests, against real servers that they start themselves; with `--long` those that keep all cores busy for minutes,
 * which CI runs as well. Other arguments go to Jest.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ensureBuild } from './build.mjs';
import {
  checkNode,
  ensurePackages,
  ensureProgram,
  ensureServer,
  servers,
  serversNeeded,
  testLibraries,
  testPrograms,
} from './install.mjs';
import { places, root } from './places.mjs';
import { inSeconds, say, told } from './say.mjs';

/** Longest time of all tests; a test that never ends must not hold a machine for ever. */
const testTimeoutMs = Number(process.env['LGSP_TEST_TIMEOUT_MS'] ?? 1_800_000);

/** The worked example of docs/connectors/guide.md from its first line to its last, and everything killed with -9 under load. */
const long = '--long';
const longTests = ['test/e2e/new.connector.spec.ts', 'test/chaos/'];

const beganAt = performance.now();

async function main() {
  checkNode();
  await ensurePackages();
  const folders = [];
  // One after the other: apt-get lets only one at a time install.
  for (const name of serversNeeded) {
    const means = await ensureServer(servers[name], { programOnly: true });
    if (means.via === 'command') folders.push(dirname(means.command));
  }
  for (const program of testPrograms) folders.push(dirname(await ensureProgram(program)));
  for (const library of testLibraries) await ensureProgram(library);
  await ensureBuild();
  const results = join(places.local, `jest-${process.pid}.json`);
  mkdirSync(places.local, { recursive: true, mode: 0o700 });
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const args = [
    // PGlite loads itself with `import()`, which Jest's sandbox only knows with this.
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    jest,
    // A test that fails may leave servers behind: that must not keep the run from its end.
    '--forceExit',
    '-c',
    join(root, 'test/jest.config.json'),
    '--json',
    '--outputFile',
    results,
    ...selected(process.argv.slice(2)),
  ];
  const child = spawn(process.execPath, args, {
    cwd: root,
    // The tests start the servers by name; and the JSON that Jest prints is read from the file instead.
    env: { ...process.env, PATH: [process.env['PATH'], ...folders].join(delimiter) },
    stdio: ['inherit', 'ignore', 'inherit'],
  });
  const late = setTimeout(() => child.kill('SIGKILL'), testTimeoutMs);
  const code = await new Promise((resolve) => child.once('exit', (exitCode) => resolve(exitCode ?? 1)));
  clearTimeout(late);
  if (!existsSync(results)) throw new Error('the tests were stopped before their end');
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(readFileSync(results, 'utf8'));
  rmSync(results);
  for (const title of leftOutIn(testResults)) say(`left out: ${title}`);
  if (args.some((arg) => arg.startsWith('--testPathIgnore')))
    say(`left out: npm test -- ${long}, ${longTests.join(', ')}`);
  for (const failure of failuresIn(testResults)) say(`failed: ${failure}`);
  say(`all of it took ${inSeconds(performance.now() - beganAt)}`);
  say(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
  process.exit(code);
}

/** @param {string[]} options @returns {string[]} what Jest is told: tests that are named are run, whichever they are */
function selected(options) {
  const others = options.filter((option) => option !== long);
  if (options.includes(long)) return [...longTests, ...others];
  if (others.some((option) => !option.startsWith('-'))) return others;
  return [...others, ...['/node_modules/', ...longTests].map((path) => `--testPathIgnorePatterns=${path}`)];
}

/**
 * What is not tested in this run, with the reason that it gives itself; what `-t` leaves out needs no word.
 * @param {{assertionResults: {status: string, title: string}[]}[]} files
 */
function leftOutIn(files) {
  const tests = files.flatMap(({ assertionResults }) => assertionResults);
  return tests.filter(({ status }) => status === 'todo').map(({ title }) => title);
}

/**
 * What failed, once more at the end: with servers' lines between, a run of many minutes is not read from its beginning.
 * @param {{name: string, status: string, message: string, assertionResults: {status: string, fullName: string, failureMessages: string[]}[]}[]} files
 */
function failuresIn(files) {
  return files.flatMap(({ name, status: ofFile, message, assertionResults }) => {
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    const file = relative(root, name);
    // What cannot be loaded has no tests to name, and what fails after the last one is none of them.
    if (failed.length === 0 && ofFile === 'failed') return [`${file}: ${shortly(message)}`];
    return failed.map(({ fullName, failureMessages }) => `${file}: ${fullName}: ${shortly(failureMessages[0])}`);
  });
}

/** @param {string} [message] @returns {string} its first lines, in one */
const shortly = (message = '') => {
  const lines = stripVTControlCharacters(message)
    .split('\n')
    .map((line) => line.trim());
  return lines
    .filter((line) => line !== '' && !line.startsWith('at '))
    .slice(0, 8)
    .join(' | ')
    .slice(0, 600);
};

main().catch((error) => {
  process.stderr.write(`${told(error)}\n`);
  process.exit(1);
});
