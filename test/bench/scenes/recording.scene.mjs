/** What it costs to write a transaction down, in a process that does nothing else: what recording adds to a gateway. */
import { once } from 'node:events';
import { join } from 'node:path';
import { numbers } from '../harness/options.mjs';
import { median, relativeSpread } from '../harness/statistics.mjs';
import { digits, table } from '../harness/table.mjs';

const program = join(import.meta.dirname, '../recorder.mjs');

/** @type {import('../harness/options.mjs').Scene} */
export const scene = {
  summary: 'what recording costs a gateway, by how many transactions end at the same time',
  options: {
    'at-once': { value: '<a,b>', default: '1,16,64,256', says: 'transactions that are recorded at the same time' },
  },
  async run(lab) {
    const { environment } = await lab.stage();
    const { child } = await lab.children.node(program, { environment });
    const groups = numbers('at-once', lab.options['at-once']).map((atOnce) => ({ atOnce, rounds: [] }));
    for (const { atOnce } of groups) await record(child, { atOnce, seconds: 1 });
    for (let round = 0; round < lab.rounds; round++) {
      for (const { atOnce, rounds } of groups) rounds.push(await record(child, { atOnce, seconds: lab.seconds }));
      lab.say(`round ${round + 1} of ${lab.rounds} is done`);
    }
    return {
      tables: [
        {
          title: 'Recording',
          text: table(['at once', 'per second', 'CPU µs', 'waits ms'], groups.map(row(lab.seconds))),
        },
      ],
      notes: [
        'CPU: microseconds per transaction of the recording process, as the kernel accounts them. Waits: until it is durable.',
      ],
      figures: groups,
    };
  },
};

/** @param {number} seconds */
const row =
  (seconds) =>
  ({ atOnce, rounds }) => {
    const cell = (/** @type {number[]} */ values) =>
      `${digits(median(values))} ± ${(relativeSpread(values) * 100).toFixed(0)} %`;
    const of = (figure) => cell(rounds.map(figure));
    return [String(atOnce), of(({ count }) => count / seconds), of(({ cpu }) => cpu), of(({ medianMs }) => medianMs)];
  };

/** @param {import('node:child_process').ChildProcess} child @param {{atOnce: number, seconds: number}} order */
async function record(child, order) {
  child.send(order);
  const [{ done }] = await once(child, 'message', { signal: AbortSignal.timeout(order.seconds * 1_000 + 60_000) });
  return done;
}
