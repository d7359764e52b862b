/** Load by a timetable, from a process of its own. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const program = join(import.meta.dirname, 'open.loop.mjs');
/** How much longer than its timetable it may take, in milliseconds. */
const graceMs = 60_000;
/** Above this the generator could not keep its timetable: its figures tell of itself. In milliseconds. */
const latenessMsMax = 5;

/**
 * @param {import('./open.loop.mjs').Timetable} timetable
 * @returns {Promise<import('./wrk.load.mjs').LoadResult & {late: boolean}>}
 */
export async function openLoad(timetable) {
  const child = spawn(process.execPath, [program], {
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: timetable.seconds * 1_000 + graceMs,
  });
  // It holds a token, which a command line would show to everybody.
  child.stdin.end(JSON.stringify(timetable));
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(`the load generator failed (${code})`);
  const { requests, seconds, errors, failures, latencyMs, latenessMs } = JSON.parse(output);
  return { requests, seconds, errors, failures, latencyMs, late: latenessMs.p99 > latenessMsMax };
}
