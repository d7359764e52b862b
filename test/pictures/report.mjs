/**
 * Pictures of the report's page for the documents, from a bus that runs with a history in its book:
 *
 *   npm start, npm run demo -- history, node test/pictures/report.mjs
 *
 * `docs/report.webp` is the page on a desk, `docs/report-phone.webp` its beginning on a telephone. With a folder as its argument it
 * writes there instead, to be looked at: the whole page in each width (PNG), and the page as it is printed (PDF).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { readDemo } from '../../deploy/local/environment.mjs';
import { root } from '../../deploy/local/places.mjs';

const path = '/v1/reports/transactions?from=2022-01-01&to=2022-06-30&compare=previous-year&format=html';
const webpQuality = 80;
/** @type {Record<string, {width: number, height: number, scale: number}>} */
const sizes = {
  report: { width: 1_000, height: 1_420, scale: 1 },
  'report-phone': { width: 390, height: 1_300, scale: 1.5 },
};

async function main() {
  const folder = process.argv[2] ? resolve(process.argv[2]) : join(root, 'docs');
  const whole = process.argv[2] !== undefined;
  mkdirSync(folder, { recursive: true });
  const { LGSP_URL: url, LGSP_OPERATOR_ID: username = '', LGSP_OPERATOR_SECRET: password = '' } = readDemo();
  if (!url) throw new Error('no bus was started here: run "npm start", then "npm run demo -- history"');
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const executablePath = folders.map((name) => join(name, 'chromium')).find(existsSync);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    for (const [name, { width, height, scale }] of Object.entries(sizes)) {
      const page = await browser.newPage({
        viewport: { width, height },
        deviceScaleFactor: scale,
        httpCredentials: { username, password },
      });
      await page.goto(url + path);
      const session = await page.context().newCDPSession(page);
      const tall = await page.evaluate('document.documentElement.scrollHeight');
      const { data } = await session.send('Page.captureScreenshot', {
        ...(whole ? { format: 'png' } : { format: 'webp', quality: webpQuality }),
        captureBeyondViewport: true,
        clip: { x: 0, y: 0, width, height: whole ? tall : height, scale: 1 },
      });
      writeFileSync(join(folder, `${name}.${whole ? 'png' : 'webp'}`), Buffer.from(data, 'base64'));
      if (whole && name === 'report') await page.pdf({ path: join(folder, 'report.pdf'), preferCSSPageSize: true });
      await page.close();
    }
  } finally {
    await browser.close();
  }
}

await main();
