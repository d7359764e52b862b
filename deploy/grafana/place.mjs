/**
 * Writes the dashboards with the addresses of a deployment into the folder that Grafana reads:
 *
 *   node deploy/grafana/place.mjs --gateway https://lgsp.example.vn --runbooks https://docs.example.vn/operations \
 *     --out /var/lib/grafana/dashboards/lgsp
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { say, told, Trouble } from '../local/say.mjs';

const folder = join(import.meta.dirname, 'dashboards');

function main() {
  const { values } = parseArgs({
    options: { gateway: { type: 'string' }, runbooks: { type: 'string' }, out: { type: 'string' } },
  });
  const { out } = values;
  if (!out) throw new Trouble('--out is missing: the folder that the provisioning of Grafana names');
  /** @type {Record<string, string | undefined>} */
  const addresses = { gateway: addressOf(values.gateway, 'gateway'), runbooks: addressOf(values.runbooks, 'runbooks') };
  mkdirSync(out, { recursive: true });
  for (const name of readdirSync(folder)) {
    /** @type {{templating: {list: {type: string, name: string, query: unknown}[]}}} */
    const dashboard = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    for (const variable of dashboard.templating.list)
      if (variable.type === 'constant') variable.query = addresses[variable.name] ?? variable.query;
    writeFileSync(join(out, name), `${JSON.stringify(dashboard, null, 2)}\n`);
    say(join(out, name));
  }
}

/** @param {string | undefined} text @param {string} option */
function addressOf(text, option) {
  if (!text || !/^https?:\/\/[^\s?#]+$/.test(text))
    throw new Trouble(`--${option} takes an http:// or https:// address`);
  return text.replace(/\/+$/, '');
}

try {
  main();
} catch (error) {
  process.stderr.write(`${told(error)}\n`);
  process.exitCode = 1;
}
