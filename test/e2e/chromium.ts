import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

/** A real browser without a window. */
export function openBrowser(): Promise<Browser> {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/opt/homebrew/bin'];
  const executablePath = folders.map((folder) => join(folder, 'chromium')).find(existsSync);
  if (!executablePath) throw new Error('chromium is not on this machine: "npm test" installs it, or says how to');
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'] });
}
