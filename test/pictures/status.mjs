/**
 * Pictures of the status page for the documents, from a bus of its own with the sandbox's invented data: a working day with one
 * outside system that fails and one connector that is stopped.
 *
 *   node test/pictures/status.mjs
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { mustRun, run } from '../../deploy/local/commands.mjs';
import { readEnvironment } from '../../deploy/local/environment.mjs';
import { ensureProgram, testPrograms } from '../../deploy/local/install.mjs';
import { root } from '../../deploy/local/places.mjs';
import { say, step, told, Trouble } from '../../deploy/local/say.mjs';

const readyTimeoutMs = 600_000;
const changeTimeoutMs = 30_000;
const visits = 200;
const [failing, stopped] = ['vnpost', 'budget-code'];

const webpQuality = 80;
/** @type {{name: string, path: string, width: number, height: number}[]} */
const pictures = [
  { name: 'status', path: '/status?lang=vi', width: 1_100, height: 860 },
  { name: 'status-phone', path: '/status?lang=vi', width: 390, height: 844 },
];

async function main() {
  const browser = testPrograms.find(({ command }) => command === 'chromium');
  if (!browser) throw new Error('the tests use no browser');
  const executablePath = await ensureProgram(browser);
  const folder = mkdtempSync(join(tmpdir(), 'lgsp-pictures-'));
  const environment = { ...process.env, LGSP_LOCAL_DIR: folder };
  const launcher = spawn(process.execPath, [join(root, 'deploy/local/start.mjs')], {
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
  const opened = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    for (const { name, path, width, height } of pictures) {
      const page = await opened.newPage({ viewport: { width, height } });
      const answer = await page.goto(`${demo['LGSP_URL']}${path}`);
      if (!answer?.ok()) throw new Trouble(`${path} answers ${answer?.status()}`);
      const session = await page.context().newCDPSession(page);
      const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: webpQuality });
      writeFileSync(join(root, 'docs', `${name}.webp`), Buffer.from(data, 'base64'));
      await page.close();
      say(`docs/${name}.webp`);
    }
  } finally {
    await opened.close();
  }
}

main().catch((error) => {
  process.stderr.write(`${told(error)}\n`);
  process.exitCode = 1;
});
