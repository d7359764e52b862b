/**
 * `npm run screenshots`: takes the pictures of docs/images from a bus of its own, with the sandbox's invented data: a working day
 * with one outside system that fails and one connector that is stopped.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { mustRun, run } from './commands.mjs';
import { readEnvironment } from './environment.mjs';
import { ensureProgram, testPrograms } from './install.mjs';
import { root } from './places.mjs';
import { say, step, told, Trouble } from './say.mjs';

const readyTimeoutMs = 600_000;
const changeTimeoutMs = 30_000;
const visits = 200;
const [failing, stopped] = ['vnpost', 'budget-code'];

const desk = { width: 1280, height: 800 };
const telephone = { width: 390, height: 844 };
const month = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 7);
const report = `/v1/reports/transactions?format=html&from=${month}-01&to=${month}-28&compare=previous-year`;

/** @type {{name: string, path: string, viewport: {width: number, height: number}, operator?: boolean}[]} */
const pictures = [
  { name: 'status', path: '/status?lang=vi', viewport: desk },
  { name: 'status-telephone', path: '/status?lang=vi', viewport: telephone },
  { name: 'status-en', path: '/status?lang=en', viewport: desk },
  { name: 'report', path: report, viewport: desk, operator: true },
  { name: 'report-telephone', path: report, viewport: telephone, operator: true },
];

async function main() {
  const browser = testPrograms.find(({ command }) => command === 'chromium');
  if (!browser) throw new Error('the tests use no browser');
  const executablePath = await ensureProgram(browser);
  const folder = mkdtempSync(join(tmpdir(), 'lgsp-pictures-'));
  const environment = { ...process.env, LGSP_LOCAL_DIR: folder };
  const launcher = spawn(process.execPath, [join(import.meta.dirname, 'start.mjs')], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => launcher.once('exit', resolve));
  try {
    await step('starting a bus', () => isReady(launcher));
    const demo = readEnvironment(join(folder, 'demo.env')) ?? {};
    await step('a working day', () => work(folder, demo));
    await takeAll(executablePath, demo);
  } finally {
    launcher.kill('SIGINT');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {import('node:child_process').ChildProcess} launcher */
function isReady(launcher) {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (/** @type {string} */ why) => reject(new Trouble(`the bus ${why}:\n${output}`));
    const late = setTimeout(() => fail('is not ready in time'), readyTimeoutMs);
    const onExit = () => fail('ended');
    launcher.once('exit', onExit);
    launcher.stdout?.on('data', (text) => {
      output += String(text);
      if (!output.includes('Ctrl-C stops everything.')) return;
      clearTimeout(late);
      launcher.off('exit', onExit);
      resolve(undefined);
    });
  });
}

/** @param {string} folder @param {Record<string, string>} demo */
async function work(folder, demo) {
  const day = [join(root, 'dist/apps/cli/main.js'), 'demo', '--visits', String(visits)];
  const environment = { ...process.env, ...demo };
  await mustRun(process.execPath, day, { environment });
  await fetch(`${demo['LGSP_SANDBOX_URL']}/faults/${failing}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ kind: 'down' }),
  });
  /** @type {{parts: {name: string, pid: number}[]}} */
  const { parts } = JSON.parse(readFileSync(join(folder, 'pids.json'), 'utf8'));
  const part = parts.find(({ name }) => name === stopped);
  if (part) process.kill(part.pid, 'SIGTERM');
  // More of the day, until the failing system has opened its circuit and the stopped one is missed: those calls fail.
  await run(process.execPath, day, { environment });
  for (const deadline = Date.now() + changeTimeoutMs; ; await new Promise((resolve) => setTimeout(resolve, 200))) {
    /** @type {{connections: {system: string, state: string}[]}} */
    const { connections } = await (await fetch(`${demo['LGSP_URL']}/status?format=json`)).json();
    const sick = connections.filter(({ state }) => state !== 'up').map(({ system }) => system);
    if ([failing, stopped].every((system) => sick.includes(system))) return;
    if (Date.now() > deadline) throw new Trouble(`only these are sick: ${sick.join(', ')}`);
  }
}

/** @param {string} executablePath @param {Record<string, string>} demo */
async function takeAll(executablePath, demo) {
  const images = join(root, 'docs/images');
  mkdirSync(images, { recursive: true });
  const opened = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    for (const { name, path, viewport, operator } of pictures) {
      const httpCredentials = operator && {
        username: demo['LGSP_OPERATOR_ID'] ?? '',
        password: demo['LGSP_OPERATOR_SECRET'] ?? '',
      };
      const context = await opened.newContext({ viewport, ...(httpCredentials ? { httpCredentials } : {}) });
      const page = await context.newPage();
      const answer = await page.goto(`${demo['LGSP_URL']}${path}`);
      if (!answer?.ok()) throw new Trouble(`${path} answers ${answer?.status()}`);
      await page.screenshot({ path: join(images, `${name}.png`), fullPage: true });
      await context.close();
      say(`docs/images/${name}.png`);
    }
  } finally {
    await opened.close();
  }
}

main().catch((error) => {
  process.stderr.write(`${told(error)}\n`);
  process.exitCode = 1;
});
