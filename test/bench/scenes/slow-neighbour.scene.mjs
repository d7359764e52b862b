/** One outside system takes seconds to answer; callers of another one must not notice. */
import { numbers } from '../harness/options.mjs';
import { doubtOf, mustEcho, openSubject, ratios } from '../harness/subjects.mjs';
import { digits, subjectsTable, tableNote } from '../harness/table.mjs';
import { capacityOf } from './open-loop.scene.mjs';

const slow = { name: 'slow', operations: [{ name: 'say', kind: 'query' }] };
const p99AtMost = 1.1;

/** @type {import('../harness/options.mjs').Scene} */
export const scene = {
  summary: 'a system that takes 2 s to answer, and what callers of another system notice of it',
  options: {
    'delay-ms': { value: '<n>', default: '2000', says: 'how long the slow system takes' },
    'slow-calls': { value: '<n>', default: '200', says: 'calls under way at the slow system, all the time' },
    share: { value: '<n>', default: '0.5', says: 'of the capacity, asked of the other system' },
    seconds: { value: '<n>', default: '8', says: 'length of one round' },
  },
  async run(lab) {
    const [delayMs] = numbers('delay-ms', lab.options['delay-ms']);
    const [slowCalls] = numbers('slow-calls', lab.options['slow-calls']);
    const [share] = numbers('share', lab.options.share);
    const stage = await lab.stage();
    await stage.responder([{ .../** @type {import('../harness/stage.mjs').RespondingSystem} */ (slow), delayMs }]);
    const lgsp = await stage.contender('lgsp');
    await mustEcho(lgsp);
    const slowPath = { ...lgsp, path: '/v1/slow/say' };
    await mustEcho(slowPath);

    const perSecond = Math.round((await capacityOf(lgsp, lab)) * share);
    const alone = openSubject(lgsp, { perSecond, connections: 256, name: 'alone' });
    // Spread over the time that each takes: at once they would come in bursts, which callers do not.
    const neighbour = openSubject(slowPath, { perSecond: (slowCalls * 1_000) / delayMs, connections: 2 * slowCalls });
    const beside = {
      ...alone,
      name: 'beside the slow system',
      rounds: [],
      load: besides(alone, neighbour, delayMs / 1_000),
    };
    const subjects = [alone, beside];
    await lab.measure(subjects);
    return {
      subjects,
      tables: [{ title: 'A slow neighbour', text: `${subjectsTable(subjects, 'calls')}\n\n${tableNote}` }],
      claims: [
        {
          what: 'p99, beside the slow system / alone',
          ratios: ratios(beside, alone, ({ latencyMs }) => latencyMs.p99),
          atMost: p99AtMost,
          doubt: doubtOf(beside, alone),
        },
      ],
      notes: [
        `${digits(perSecond)} calls per second to one system; ${slowCalls} under way at the other, ${delayMs} ms each.`,
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
