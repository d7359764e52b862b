/** Makes the configuration of Prometheus, for this machine and for production, from the one list of parts. */
import { join } from 'node:path';
import { root } from './places.mjs';

/** Port of `/metrics` of a part in production (`LGSP_METRICS_PORT`). */
const metricsPort = 9464;

/**
 * @typedef {object} Target
 * @property {string} part
 * @property {string} address host:port
 */

/**
 * The configuration of a Prometheus on this machine, for the ports that the parts have got.
 * @param {Target[]} targets
 * @param {{rules?: string, every?: string}} [options] `rules`: which files; `every`: between two looks
 */
export function localConfiguration(
  targets,
  { rules = join(root, 'deploy/prometheus/rules/*.yml'), every = '5s' } = {},
) {
  return `# Made by npm start at every start: changes are lost.
${configuration({ targets, rules, every, runbooks: `file://${join(root, 'docs/operations')}` })}`;
}

/**
 * The configuration for production: every part at its own name.
 * @param {readonly string[]} parts
 */
export function productionConfiguration(parts) {
  return `# Prometheus in production. Made by deploy/prometheus/write.mjs from nest-cli.json: change it there.
#
# - Silence is measured against four weeks: --storage.tsdb.retention.time=35d
# - Where the runbooks are published comes from the environment: LGSP_RUNBOOKS_URL, an address without a slash at its end, and
#   --enable-feature=expand-external-labels
# - Every part serves /metrics for others only with LGSP_METRICS_HOST=0.0.0.0, in a network that callers cannot reach.
# - A part that runs several times behind one name is scraped as a whole with dns_sd_configs in place of static_configs.
# - Whom alerts go to is a matter of the deployment: an "alerting" block with the address of its Alertmanager.
${configuration({
  targets: parts.map((part) => ({ part, address: `${part}:${metricsPort}` })),
  rules: 'rules/*.yml',
  every: '15s',
  runbooks: '${LGSP_RUNBOOKS_URL}',
})}`;
}

/** @param {{targets: Target[], rules: string, every: string, runbooks: string}} options */
function configuration({ targets, rules, every, runbooks }) {
  const scraped = targets.map(
    ({ part, address }) => `      - targets: ['${address}']
        labels: { part: ${part} }
`,
  );
  return `global:
  scrape_interval: ${every}
  scrape_timeout: ${every}
  evaluation_interval: ${every}
  external_labels:
    runbooks: '${runbooks}'

rule_files:
  - '${rules}'

scrape_configs:
  - job_name: lgsp
    static_configs:
${scraped.join('')}`;
}
