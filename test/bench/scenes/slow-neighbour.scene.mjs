/** One outside system takes seconds to answer; callers of another one must not notice. */
import { numbers } from '../harness/options.mjs';
import { doubtOf, mustEcho, openSubject, ratios } from '../harness/subjects.mjs';
import { digits, subjectsTable, tableNote } from '../harness/table.mjs';
import { capacityOf } from './open-loop.scene.mjs';

/** @type {import('../harness/stage.mjs').RespondingSystem['operations']} */
const operations = [{ name: 'say', kind: 'query' }];
const p99AtMost = 1.1;

/** @type {import('../harness/options.mjs').Scene} */
export const scene = {
  summary: 'a system that takes 2 s to answer, and what callers of another system notice of it',
  options: {
    'delay-ms': { value: '<n>', default: '2000', says: 'how long the slow system takes' },
    'slow-calls': { value: '<n>', default: '100', says: 'calls under way at the slow system, all the time' },
    share: { value: '<n>', default: '0.2', says: 'of the throughput that wrk finds, asked of the other system' },
    seconds: { value: '<n>', default: '8', says: 'length of one round' },
  },
  async run(lab) {
    const [delayMs] = numbers('delay-ms', lab.options['delay-ms']);
    const [slowCalls] = numbers('slow-calls', lab.options['slow-calls']);
    const [share] = numbers('share', lab.options.share);
    const stage = await lab.stage();
    await stage.responder([
      { name: 'quick', operations },
      { name: 'slow', operations, delayMs },
    ]);
    const lgsp = await stage.contender('lgsp');
    await mustEcho(lgsp);
    const perSecond = Math.round((await capacityOf(lgsp, lab)) * share);
    const calls = openSubject(lgsp, { perSecond, connections: 256 });
    // As many calls to the neighbour in either case: what more calls cost is not the question.
    const [quick, beside] = await Promise.all(
      ['quick', 'slow'].map(async (system) => {
        const neighbour = { ...lgsp, path: `/v1/${system}/say` };
        await mustEcho(neighbour);
        const load = openSubject(neighbour, {
          perSecond: (slowCalls * 1_000) / delayMs,
          connections: 2 * slowCalls,
          // A load generator that looks all the time would itself be what is noticed.
          napMs: 5,
        });
        const name = `beside the ${system} system`;
        return { ...calls, name, rounds: [], load: besides(calls, load, delayMs / 1_000) };
      }),
    );
    const subjects = [quick, beside];
    await lab.measure(subjects);
    return {
      subjects,
      tables: [{ title: 'A slow neighbour', text: `${subjectsTable(subjects, 'calls')}\n\n${tableNote}` }],
      claims: [
        {
          what: 'p99, beside the slow system / beside a quick one',
          ratios: ratios(beside, quick, ({ latencyMs }) => latencyMs.p99),
          atMost: p99AtMost,
          doubt: doubtOf(beside, quick),
        },
      ],
      notes: [
        `${digits(perSecond)} calls per second to one system; as many to either neighbour as are ${slowCalls} under way at ${delayMs} ms each.`,
      ],
    };
  },
};

/**
 * Load beside a neighbour that is under way before and after it. Its failures are failures of the round.
 * @param {import('../harness/subjects.mjs').Subject} subject @param {import('../harness/subjects.mjs').Subject} neighbour
 * @param {number} headStart in seconds
 */
function besides(subject, neighbour, headStart) {
  return async (/** @type {number} */ seconds) => {
    const other = neighbour.load(seconds + Math.ceil(2 * headStart));
    await new Promise((resolve) => setTimeout(resolve, headStart * 1_000));
    const result = await subject.load(seconds);
    const { errors } = await other;
    return { ...result, errors: result.errors + errors };
  };
}
