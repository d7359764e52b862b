/** How long each process takes to be ready, and how much memory it then has. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { frugal, readParts } from '../../../deploy/local/parts.mjs';
import { installContender } from '../harness/contenders.mjs';
import { residentMegabytes } from '../harness/process.accounts.mjs';
import { startSandbox } from '../harness/product.mjs';
import { median, relativeSpread } from '../harness/statistics.mjs';
import { digits, table } from '../harness/table.mjs';

const readyMsAtMost = 1_000;
const megabytesAtMost = 90;
/** After which a process has done what it does at its start, in milliseconds. */
const settleMs = 2_000;

/** @type {import('../harness/options.mjs').Scene} */
export const scene = {
  summary: 'start-up time and memory of each process, beside bare contenders',
  async run(lab) {
    const stage = await lab.stage();
    const programs = [...(await ours(lab, stage)), ...(await others(lab, stage))];
    for (let round = 0; round < lab.rounds; round++) {
      for (const program of programs) await once(lab.children, program);
      lab.say(`round ${round + 1} of ${lab.rounds} is done`);
    }
    const cell = (/** @type {number[]} */ values) =>
      `${digits(median(values))} ± ${(relativeSpread(values) * 100).toFixed(0)} %`;
    const rows = programs.map(({ name, ms, megabytes }) => [name, cell(ms), cell(megabytes)]);
    return {
      tables: [{ title: 'Start-up', text: table(['process', 'ready after ms', 'MB'], rows) }],
      claims: programs.filter(({ kind }) => kind === 'connector').flatMap(claims),
      notes: [
        `Ready: from the start of the process until it says that it serves. Memory: resident, ${settleMs / 1_000} s later.`,
      ],
      figures: programs.map(({ name, ms, megabytes }) => ({ name, ms, megabytes })),
    };
  },
};

/**
 * @typedef {{name: string, kind: string, file: string, environment: NodeJS.ProcessEnv, ms: number[], megabytes: number[]}} Program
 * @param {import('../harness/lab.mjs').Lab} lab @param {import('../harness/stage.mjs').Stage} stage @returns {Promise<Program[]>}
 */
async function ours({ children }, { environment: { NATS_URL, REDIS_URL } }) {
  const upstreams = await startSandbox(children);
  const shared = {
    LGSP_NATS_URL: NATS_URL,
    LGSP_METRICS_PORT: '0',
    LGSP_LOG_LEVEL: 'warn',
    LGSP_JOB_KEY: randomBytes(32).toString('base64url'),
  };
  const gateway = { LGSP_REDIS_URL: REDIS_URL, LGSP_HTTP_PORT: '0' };
  return readParts()
    .filter(({ kind }) => kind === 'gateway' || kind === 'connector')
    .map(({ name, kind, main }) => {
      const own = kind === 'gateway' ? gateway : { ...frugal, ...upstreams[name]?.env };
      return { name, kind, file: main, environment: { ...shared, ...own }, ms: [], megabytes: [] };
    });
}

/** @param {import('../harness/lab.mjs').Lab} lab @param {import('../harness/stage.mjs').Stage} stage @returns {Promise<Program[]>} */
async function others(lab, { environment }) {
  const programs = [];
  for (const name of lab.contenders(['limit', 'bare-nest'])) {
    const file = join(await installContender(name), 'server.mjs');
    programs.push({ name, kind: 'contender', file, environment, ms: [], megabytes: [] });
  }
  return programs;
}

/** @param {import('../harness/children.mjs').Children} children @param {Program} program */
async function once(children, { file, environment, ms, megabytes }) {
  const { child, pid, readyMs } = await children.node(file, { environment });
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  ms.push(readyMs);
  megabytes.push(residentMegabytes(pid));
  await children.end(child);
}

/** @param {Program} program */
function claims({ name, ms, megabytes }) {
  return [
    { what: `${name}: ready, of ${readyMsAtMost} ms`, ratios: ms.map((value) => value / readyMsAtMost), atMost: 1 },
    {
      what: `${name}: memory, of ${megabytesAtMost} MB`,
      ratios: megabytes.map((value) => value / megabytesAtMost),
      atMost: 1,
    },
  ];
}
