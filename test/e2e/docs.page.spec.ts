import type { Browser, Locator, Page } from 'playwright-core';
import { startStandIn } from '../../apps/sandbox/start.stand-in';
import { populationStandIn } from '../../apps/sandbox/population/population.stand-in';
import { paymentStandIn } from '../../apps/sandbox/payment/payment.stand-in';
import type { StandIn } from '../../apps/sandbox/stand-in';
import { openBrowser } from './chromium';
import { TestBus } from './test.bus';

/** The page of operations as a developer of one-stop software has it: in a real browser, down to a call that is answered. */

// A browser beside everything else, on a machine that may be busy.
jest.setTimeout(90_000);

const bus = new TestBus();
const standIns: StandIn[] = [];
let browser: Browser;
let page: Page;
/** What the browser complained of, and where else it wanted to go. */
let complaints: string[];
let elsewhere: string[];

beforeAll(async () => {
  await bus.start();
  for (const definition of [populationStandIn, paymentStandIn]) standIns.push(await startStandIn(definition));
  await Promise.all(standIns.map(({ definition, env }) => bus.run(definition.system, definition.system, env)));
  await bus.run('gateway');
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await bus.stop();
  await Promise.all(standIns.map((standIn) => standIn.stop()));
});

beforeEach(async () => {
  page = await browser.newPage();
  complaints = [];
  elsewhere = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(`${bus.urls.get('gateway')}/`) && !request.url().startsWith('data:'))
      elsewhere.push(request.url());
  });
});
afterEach(async () => {
  await page.close();
  expect(elsewhere).toEqual([]);
});

async function open(path: string): Promise<void> {
  await page.goto(`${bus.urls.get('gateway')}${path}`);
  await page.locator('.opblock').first().waitFor({ timeout: 30_000 });
}

const operation = (path: string): Locator =>
  page.locator('.opblock').filter({ has: page.locator(`[data-path="${path}"]`) });

it.each([
  [
    'vi',
    'Nền tảng tích hợp, chia sẻ dữ liệu',
    'Xác thực',
    'Xác thực số định danh, họ tên và ngày sinh có khớp nhau hay không',
  ],
  ['en', 'Integration bus', 'Authorize', 'Says whether a number, a name and a birth date belong together'],
])('is there in the language %s', async (language, heading, authorize, summary) => {
  await open(`/docs?lang=${language}`);
  expect(await page.locator('html').getAttribute('lang')).toBe(language);
  expect(await page.locator('h1, h2.title').first().textContent()).toContain(heading);
  expect(await page.locator('.btn.authorize').first().textContent()).toContain(authorize);
  expect(await operation('/v1/population/verify-citizen').textContent()).toContain(summary);
  expect(complaints).toEqual([]);
});

it('leads to the other language, and follows what the browser prefers', async () => {
  await open('/docs?lang=en');
  await page.getByRole('link', { name: 'Tiếng Việt' }).click();
  await page.locator('.btn.authorize', { hasText: 'Xác thực' }).first().waitFor();
  const context = await browser.newContext({ locale: 'vi-VN' });
  const preferring = await context.newPage();
  await preferring.goto(`${bus.urls.get('gateway')}/docs`);
  expect(await preferring.locator('html').getAttribute('lang')).toBe('vi');
  await context.close();
});

/** Opens an operation, lets it be tried, and gives the button that sends. */
async function tryOut(path: string, words: { tryIt: string; send: string }): Promise<Locator> {
  const block = operation(path);
  await block.locator('.opblock-summary-control').click();
  await block.locator('.try-out__btn', { hasText: words.tryIt }).click();
  return block.locator('.execute', { hasText: words.send });
}

/** Sends what was filled in, waits until it is taken, and closes the dialog. */
async function authorize(dialog: Locator): Promise<void> {
  await dialog.locator('.auth-btn-wrapper .authorize').click();
  await page.locator('.scheme-container .btn.authorize.locked').waitFor({ timeout: 20_000 });
  await page.locator('.close-modal').click();
}

const english = { tryIt: 'Try it out', send: 'Execute' };
const vietnamese = { tryIt: 'Gọi thử', send: 'Gửi' };

/** Status and body of what was answered. */
async function answered(path: string): Promise<{ status: string; body: string }> {
  const live = operation(path).locator('.live-responses-table');
  await live.waitFor({ timeout: 20_000 });
  return {
    status: (await live.locator('tbody .response-col_status').first().innerText()).trim().split('\n')[0]!,
    body: await live.locator('.highlight-code .microlight').first().innerText(),
  };
}

it('makes a real call with an access token, and is answered', async () => {
  await open('/docs?lang=en');
  await page.locator('.btn.authorize').first().click();
  const dialog = page.locator('.auth-container').filter({ hasText: 'client_secret' });
  await dialog.locator('#client_id_clientCredentials').fill('tester');
  await dialog.locator('#client_secret_clientCredentials').fill(bus.secret);
  await authorize(dialog);
  const send = await tryOut('/v1/population/verify-citizen', english);
  await send.click();
  const { status, body } = await answered('/v1/population/verify-citizen');
  expect({ status, body: JSON.parse(body) as unknown }).toEqual({ status: '200', body: { verified: true } });
  expect(complaints).toEqual([]);
});

it('makes a command with an API key, in Vietnamese; the same key again is the same answer', async () => {
  await open('/docs?lang=vi');
  await page.locator('.btn.authorize').first().click();
  const dialog = page.locator('.auth-container').filter({ hasText: 'apiKey' });
  // The bare secret: the page adds the scheme.
  await dialog.locator('input').fill(bus.secret);
  await authorize(dialog);
  const path = '/v1/payment/create-payment';
  const send = await tryOut(path, vietnamese);
  await send.click();
  const first = await answered(path);
  expect(first).toMatchObject({ status: '200', body: expect.stringContaining('paymentUrl') });
  const replay = page.waitForResponse((response) => response.url().endsWith(path));
  await send.click();
  expect((await replay).headers()['idempotency-replayed']).toBe('true');
  expect(standIns[1]!.effects.list().reduce((sum, { count }) => sum + count, 0)).toBe(1);
  expect(complaints).toEqual([]);
});

it('shows a problem in the language of the page', async () => {
  await open('/docs?lang=vi');
  const path = '/v1/population/verify-citizen';
  await (await tryOut(path, vietnamese)).click();
  const { status, body } = await answered(path);
  expect({ status, title: (JSON.parse(body) as { title: string }).title }).toEqual({
    status: '401',
    title: 'Chưa xác thực được phần mềm gọi',
  });
});

it('runs nothing that a connector writes into its description, and says so by its policy', async () => {
  const { nats } = await bus.nats.connect('hostile');
  const service = await nats.services.add({
    name: 'hostile',
    version: '1.0.0',
    metadata: { owner: '<img src=x onerror=owned=1>' },
  });
  const summary = '<script>window.owned=1</script><img src=x onerror="window.owned=1">[x](javascript:window.owned=1)';
  service.addEndpoint('attack', {
    subject: 'lgsp.hostile.v1.attack',
    metadata: {
      summary,
      input: JSON.stringify({ type: 'object', description: summary, properties: { a: { description: summary } } }),
    },
    handler: () => undefined,
  });
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  await open('/docs?lang=en');
  await operation('/v1/hostile/attack').locator('.opblock-summary-control').click();
  await operation('/v1/hostile/attack').locator('.responses-wrapper').waitFor();
  expect(await page.evaluate('window.owned')).toBeUndefined();
  const response = await page.request.get(`${bus.urls.get('gateway')}/docs`);
  expect(response.headers()).toMatchObject({
    'content-security-policy': expect.stringMatching(/default-src 'none'; script-src 'self';.*frame-ancestors 'none'/),
    'x-content-type-options': 'nosniff',
  });
  // Also what would slip through Swagger UI's own cleaning is stopped by the browser.
  await page.evaluate(`document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.owned=1">')`);
  await page.waitForTimeout(200);
  expect(await page.evaluate('window.owned')).toBeUndefined();
});
