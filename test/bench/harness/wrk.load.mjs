/** Running `wrk`, Debian's load generator: every connection asks again as soon as it is answered. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';

const timeoutSeconds = 30;
/** How much longer than its load wrk may take before it counts as stuck, in milliseconds. */
const graceMs = 60_000;

/**
 * @typedef {object} Variant one kind of request of a load
 * @property {string} path
 * @property {Record<string, string>} [headers] besides those of all
 * @property {boolean} [newKey] each request has an `Idempotency-Key` of its own
 *
 * @typedef {object} Requests what is sent
 * @property {readonly URL[]} addresses one thread of wrk each, with its share of the connections
 * @property {Record<string, string>} headers
 * @property {string} body
 * @property {readonly Variant[]} variants sent in turn
 */

/** Text as Lua has it, whatever is in it. @param {string} text */
const lua = (text) => `[=====[${text}]=====]`;

const luaTable = (/** @type {Record<string, string>} */ pairs) =>
  `{${Object.entries(pairs)
    .map(([key, value]) => `[ ${lua(key)} ] = ${lua(value)}`)
    .join(', ')}}`;

/** Prints the figures as one line of JSON. */
const report = `
done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format('\\n{"requests":%d,"microseconds":%d,"errors":%d,"p50":%d,"p99":%d,"p999":%d,"max":%d}\\n',
    summary.requests, summary.duration,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9), latency.max))
end`;

/** Requests that differ: made once at the start, but for the keys. */
const inTurn = `
local texts, at, sent, run = {}, 0, 0, ''
init = function(args)
  run = args[1]
  for number, variant in ipairs(variants) do
    local headers = {}
    for name, value in pairs(wrk.headers) do headers[name] = value end
    for name, value in pairs(variant.headers) do headers[name] = value end
    if variant.newKey then headers['Idempotency-Key'] = '@key@' end
    local text = wrk.format(nil, variant.path, headers)
    local from, to = text:find('@key@', 1, true)
    texts[number] = from and { text:sub(1, from - 1), text:sub(to + 1) } or text
  end
end
request = function()
  at = at % #texts + 1
  local text = texts[at]
  if type(text) == 'string' then return text end
  sent = sent + 1
  return text[1] .. run .. '-' .. thread_number .. '-' .. sent .. text[2]
end`;

/** Writes the script that tells wrk what to send. @param {string} path @param {Requests} requests */
export function writeWrkScript(path, { addresses, headers, body, variants }) {
  const ports = addresses.map(({ port }) => `'${port}'`).join(', ');
  const differing = variants.length > 1 || variants[0].newKey || variants[0].headers;
  const lines = [
    `wrk.method = 'POST'`,
    `wrk.body = ${lua(body)}`,
    `wrk.headers = ${luaTable(headers)}`,
    `local ports, threads = {${ports}}, 0`,
    `setup = function(thread)`,
    `  threads = threads + 1`,
    `  thread:set('thread_number', threads)`,
    `  thread.addr = wrk.lookup('${addresses[0].hostname}', ports[(threads - 1) % #ports + 1])[1]`,
    `end`,
  ];
  if (differing) {
    const rows = variants.map(
      ({ path: at, headers: own = {}, newKey = false }) =>
        `  { path = ${lua(at)}, headers = ${luaTable(own)}, newKey = ${newKey} },`,
    );
    lines.push('local variants = {', ...rows, '}', inTurn);
  }
  // It holds a token.
  writeFileSync(path, `${lines.join('\n')}\n${report}\n`, { mode: 0o600 });
}

/**
 * @typedef {object} LoadResult
 * @property {number} requests
 * @property {number} seconds
 * @property {number} errors
 * @property {Record<string, number>} [failures] by status
 * @property {{p50: number, p99: number, p999: number, max: number}} latencyMs
 */

/**
 * One load of some seconds. @param {string} script @param {{addresses: readonly URL[], variants: readonly Variant[]}} requests
 * @param {{seconds: number, connections: number}} load @returns {Promise<LoadResult>}
 */
export async function wrk(script, { addresses, variants }, { seconds: wanted, connections }) {
  const seconds = Math.ceil(wanted); // It knows whole ones only.
  const threads = Math.min(addresses.length, connections);
  const url = new URL(variants[0].path, addresses[0]).href;
  // Another run must not use the idempotency keys of this one.
  const run = randomBytes(6).toString('hex');
  const args = [`-t${threads}`, `-c${connections}`, `-d${seconds}s`, '--timeout', `${timeoutSeconds}s`, '-s', script];
  const child = spawn('wrk', [...args, url, '--', run], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: seconds * 1_000 + graceMs,
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  const line = output.split('\n').findLast((text) => text.startsWith('{'));
  if (code !== 0 || !line) throw new Error(`wrk failed (${code}): ${output}`);
  const { requests, microseconds, errors, p50, p99, p999, max } = JSON.parse(line);
  const latencyMs = { p50: p50 / 1_000, p99: p99 / 1_000, p999: p999 / 1_000, max: max / 1_000 };
  return { requests, seconds: microseconds / 1e6, errors, latencyMs };
}
