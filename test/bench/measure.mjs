/** Running `wrk`, and the CPU time that the kernel accounts to a process. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The kernel's clock ticks per second (`getconf CLK_TCK`): 100 on every Linux that Node supports. */
const ticksPerSecond = 100;

/** CPU microseconds, user and system, that a process has used so far. */
export function cpuMicroseconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1e6) / ticksPerSecond;
}

/** Resident memory in megabytes. */
export function residentMegabytes(pid) {
  const [, pages] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
  return (Number(pages) * 4096) / 1e6;
}

/** The script that tells wrk what to send, and to print its figures as one JSON line. */
export function writeWrkScript(folder, { name, headers, body }) {
  const path = join(folder, `${name}.lua`);
  const lines = Object.entries(headers).map(
    ([key, value]) => `wrk.headers[${JSON.stringify(key)}] = ${JSON.stringify(value)}`,
  );
  writeFileSync(
    path,
    `wrk.method = "POST"
wrk.body = [[${body}]]
${lines.join('\n')}
done = function(summary, latency)
  io.write(string.format('\\n{"requests":%d,"microseconds":%d,"errors":%d,"p50":%d,"p99":%d,"p999":%d}\\n',
    summary.requests, summary.duration,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
end
`,
    { mode: 0o600 },
  );
  return path;
}

/** One round of load. @returns {Promise<{requests: number, microseconds: number, errors: number, p50: number, p99: number, p999: number}>} */
export async function wrk(url, script, { seconds, connections }) {
  const child = spawn('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', script, url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('exit', resolve));
  const line = output.split('\n').findLast((text) => text.startsWith('{'));
  if (code !== 0 || !line) throw new Error(`wrk failed (${code}): ${output}`);
  return JSON.parse(line);
}

export const median = (values) => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
};

/** Half the distance between the extremes, as a share of the median. */
export const spread = (values) => (Math.max(...values) - Math.min(...values)) / 2 / median(values);
