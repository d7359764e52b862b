import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { paymentStandIn } from '../../apps/sandbox/payment/payment.stand-in';
import { populationStandIn } from '../../apps/sandbox/population/population.stand-in';
import { startStandIn } from '../../apps/sandbox/start.stand-in';
import type { StandIn } from '../../apps/sandbox/stand-in';
import { openBrowser } from './chromium';
import { TestBus } from './test.bus';

/** What operators see without Grafana, of real connectors as the processes that they are: the page in a browser, the table in a terminal. */

// A browser beside everything else, on a machine that may be busy.
jest.setTimeout(90_000);

const bus = new TestBus();
const main = join(resolve(__dirname, '../..'), 'dist/apps/cli/main.js');
let [population, payment]: (StandIn | undefined)[] = [];
let browser: Browser;

const person = { identityNumber: '031190000016', fullName: 'Nguyễn Thị Mẫu', birthDate: '1990-02-14' };
const verify = () =>
  bus.call('gateway', 'population/verify-citizen', person, {
    'lgsp-officer': 'canbo.mau',
    'lgsp-dossier': 'H24.11-261101-0001',
  });

interface Seen {
  system: string;
  state: string;
  reason?: string;
  since: string;
  circuit?: string;
  lastError?: { code: string };
}

async function status(): Promise<Map<string, Seen>> {
  const response = await fetch(`${bus.urls.get('gateway')}/status?format=json`);
  const { connections } = (await response.json()) as { connections: Seen[] };
  return new Map(connections.map((connection) => [connection.system, connection]));
}

async function becomes(system: string, state: string): Promise<Seen> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const seen = (await status()).get(system);
    if (seen?.state === state) return seen;
    if (Date.now() > deadline) throw new Error(`${system} never became ${state}: ${JSON.stringify(seen)}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

beforeAll(async () => {
  await bus.start();
  [population, payment] = await Promise.all([populationStandIn, paymentStandIn].map((it) => startStandIn(it)));
  // A circuit that opens soon, and stays so while it is looked at.
  const circuit = { LGSP_UPSTREAM_FAILURES_MAX: '3', LGSP_UPSTREAM_PAUSE_MS: '60000' };
  await Promise.all([
    bus.run('population', 'population', { ...population!.env, ...circuit }),
    bus.run('payment', 'payment', payment!.env),
  ]);
  await bus.run('gateway');
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await bus.stop();
  await Promise.all([population?.stop(), payment?.stop()]);
});

/** What the terminal and the figures of a command are told. */
const access = (): Record<string, string> => ({
  LGSP_URL: bus.urls.get('gateway')!,
  LGSP_METRICS_URL: bus.urls.get('gateway/metrics')!,
});

async function run(command: string, args: readonly string[], keys?: { after: string; press: string }) {
  const env = { PATH: process.env['PATH'], TERM: 'xterm', ...access() };
  const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const late = setTimeout(() => child.kill('SIGKILL'), 60_000);
  let [output, errors, pressed] = ['', '', false];
  child.stderr.on('data', (text) => (errors += String(text)));
  child.stdout.on('data', (text) => {
    output += String(text);
    if (!keys || pressed || !output.includes(keys.after)) return;
    pressed = true;
    child.stdin.write(keys.press);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(late);
  return { code, output, errors };
}

const lgsp = (...args: string[]) => run(process.execPath, [main, ...args]);

describe('a day at the bus', () => {
  it('begins with every connection up, as each connector says of its own circuit', async () => {
    await becomes('payment', 'up');
    expect(await becomes('population', 'up')).toMatchObject({ circuit: 'closed' });
    expect((await verify()).status).toBe(200);
  });

  it('lgsp top --once --json tells rate, success, p95, circuit and calls in flight of each', async () => {
    const calls = setInterval(() => void verify(), 50);
    const { output, code } = await lgsp('top', '--once', '--json', '--every', '1');
    clearInterval(calls);
    expect(code).toBe(0);
    const { connections, sick, seconds } = JSON.parse(output) as {
      connections: (Seen & Record<string, number>)[];
      sick: unknown[];
      seconds: number;
    };
    expect(sick).toEqual([]);
    expect(seconds).toBeGreaterThanOrEqual(1);
    const [ours, other] = ['population', 'payment'].map((name) => connections.find(({ system }) => system === name)!);
    expect(ours).toMatchObject({ state: 'up', circuit: 'closed', success: 1, inFlight: expect.any(Number) });
    expect(ours!['perSecond']).toBeGreaterThan(0);
    expect(ours!['p95Ms']).toBeGreaterThan(0);
    expect(other).toMatchObject({ state: 'up', perSecond: 0 });
  });

  it('an outside system that fails opens its circuit, and page and table say so', async () => {
    await population!.setFault({ kind: 'down' });
    for (let call = 0; call < 4; call++) expect((await verify()).status).toBe(503);
    const sick = await becomes('population', 'degraded');
    expect(sick).toMatchObject({
      reason: 'circuit-open',
      circuit: 'open',
      lastError: { code: 'upstream-unreachable' },
    });
    const calls = setInterval(() => void verify(), 50);
    const { output } = await lgsp('top', '--once', '--every', '1');
    clearInterval(calls);
    expect(Math.max(...output.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(80);
    expect(output).toMatch(/^population +degraded +\d+\.\d+ +0\.0 % +[\d.]+ ms open +\d+$/m);
    expect(output).toMatch(/^payment +up +0\.00 +– +– closed +0$/m);
  });

  it('a connector that is gone is down, since then', async () => {
    const before = Date.now() - 1_000; // The page's times are whole seconds.
    await bus.kill('payment');
    const { since, reason } = await becomes('payment', 'down');
    expect(reason).toBe('no-instance');
    expect(Date.parse(since)).toBeGreaterThanOrEqual(before);
  });
});

describe('the page', () => {
  const devices = { desktop: { width: 1280, height: 800 }, telephone: { width: 390, height: 844 } } as const;
  const words = {
    vi: ['Có phần cần chú ý', 'ngắt mạch', 'bộ kết nối không chạy'],
    en: ['Something needs attention', 'circuit open', 'the connector is not running'],
  } as const;

  it.each(
    (['vi', 'en'] as const).flatMap((language) =>
      (['desktop', 'telephone'] as const).map((device) => [language, device] as const),
    ),
  )('is whole in %s on a %s', async (language, device) => {
    const page: Page = await browser.newPage({ viewport: devices[device] });
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(`${bus.urls.get('gateway')}/status?lang=${language}`);
    const text = await page.locator('body').innerText();
    for (const word of words[language]) expect(text).toContain(word);
    expect(await page.locator('tbody tr').evaluateAll((rows) => rows.map(({ id }) => id))).toEqual([
      'payment',
      'population',
    ]);
    // Nothing runs out of the page to the side, and everything has its style.
    const { scrollWidth, innerWidth, colour } = await page.evaluate<{
      scrollWidth: number;
      innerWidth: number;
      colour: string;
    }>(`({
      scrollWidth: document.documentElement.scrollWidth,
      innerWidth,
      colour: getComputedStyle(document.querySelector('body > header')).backgroundColor,
    })`);
    expect(scrollWidth).toBeLessThanOrEqual(innerWidth);
    expect(colour).toBe('rgb(20, 50, 92)');
    expect(await page.locator('script').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('leads to the other language', async () => {
    const page = await browser.newPage();
    await page.goto(`${bus.urls.get('gateway')}/status?lang=en`);
    await page.getByRole('link', { name: 'Tiếng Việt' }).click();
    await page.getByRole('heading', { name: 'Có phần cần chú ý' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('vi');
    await page.close();
  });
});

describe('lgsp top on a terminal', () => {
  const [enter, leave] = ['\u001B[?1049h\u001B[?25l', '\u001B[?25h\u001B[?1049l'];

  it.each([
    ['Ctrl-C', '\u0003'],
    ['q', 'q'],
  ])('is live until %s, and leaves the terminal as it was', async (_name, press) => {
    // `stty -a` before and after, on a terminal that `script` makes.
    const script = `stty cols 80 rows 24; stty -a > /dev/stderr; ${process.execPath} ${main} top --every 0.5; stty -a > /dev/stderr`;
    const keys = { after: 'population            degraded', press };
    const { output, code } = await run('script', ['-qec', script, '/dev/null'], keys);
    expect(code).toBe(0);
    const [before = '', rest = ''] = output.split(enter);
    const [table = '', after = ''] = rest.split(leave);
    expect(table).toContain('lgsp top');
    expect(table).toMatch(/payment +down/);
    const settings = (text: string): string[] => text.split(/\r?\n/).filter((line) => /[;-]/.test(line));
    expect(settings(before).length).toBeGreaterThan(3);
    expect(settings(after)).toEqual(settings(before));
  });

  it('says who does not answer, and goes on; --once fails', async () => {
    await bus.kill('gateway');
    const { code, errors } = await lgsp('top', '--once');
    expect({ code, errors }).toEqual({ code: 1, errors: expect.stringMatching(/does not answer|cannot be read/) });
    const keys = { after: 'does not answer', press: 'q' };
    const script = `stty cols 80 rows 24; ${process.execPath} ${main} top --every 0.5`;
    const { output } = await run('script', ['-qec', script, '/dev/null'], keys);
    expect(output).toContain(leave);
  });
});
