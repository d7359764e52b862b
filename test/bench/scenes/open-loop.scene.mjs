/** How long callers wait when they ask by their own timetable, at a half and at four fifths of what a contender can do. */
import { median } from '../harness/statistics.mjs';
import { numbers } from '../harness/options.mjs';
import { doubtOf, mustEcho, openSubject, ratios, wrkSubject } from '../harness/subjects.mjs';
import { digits, subjectsTable, tableNote } from '../harness/table.mjs';

const capacityRounds = 3;
/** What the bus is to show at half of the capacity. */
const p99AtMost = 1.5;

/** @type {import('../harness/options.mjs').Scene} */
export const scene = {
  summary: 'latency by an open timetable at 50 % and 80 % of the capacity of each contender',
  options: {
    shares: { value: '<a,b>', default: '0.5,0.8', says: 'of the capacity that wrk finds' },
    seconds: { value: '<n>', default: '8', says: 'length of one round' },
    'callers-max': {
      value: '<n>',
      default: '256',
      says: 'most calls under way at once; what is due beyond them waits',
    },
  },
  async run(lab) {
    const shares = numbers('shares', lab.options.shares);
    const [connections] = numbers('callers-max', lab.options['callers-max']);
    const stage = await lab.stage();
    const subjects = [];
    const notes = [];
    for (const name of lab.contenders(['bare-nest', 'lgsp'])) {
      const contender = await stage.contender(name);
      await mustEcho(contender);
      const capacity = await capacityOf(contender, lab);
      notes.push(`Capacity of ${name} with ${lab.connections} connections: ${digits(capacity)} per second.`);
      for (const share of shares) {
        const perSecond = Math.round(capacity * share);
        const labels = { contender: name, share, perSecond };
        const title = `${name} at ${Math.round(share * 100)} %`;
        subjects.push(openSubject(contender, { perSecond, connections, name: title, labels }));
      }
    }
    await lab.measure(subjects);
    return {
      subjects,
      tables: [{ title: 'Latency by an open timetable', text: `${subjectsTable(subjects)}\n\n${tableNote}` }],
      claims: shares.flatMap((share) => claim(subjects, share)),
      notes: [...notes, 'Latency counts from when a call was due, not from when it could be sent.'],
    };
  },
};

/** Calls per second under `wrk`. @param {import('../harness/stage.mjs').Contender} contender @param {import('../harness/lab.mjs').Lab} lab */
export async function capacityOf(contender, lab) {
  const { load } = wrkSubject(contender, lab);
  await load(lab.warmup);
  const found = [];
  for (let round = 0; round < capacityRounds; round++) {
    const { requests, seconds } = await load(lab.seconds / 2);
    found.push(requests / seconds);
  }
  return median(found);
}

/** @param {import('../harness/subjects.mjs').Subject[]} subjects @param {number} share */
function claim(subjects, share) {
  const of = (/** @type {string} */ name) =>
    subjects.find(({ labels }) => labels.contender === name && labels.share === share);
  const [mine, other] = [of('lgsp'), of('bare-nest')];
  if (!mine || !other) return [];
  const what = `p99 at ${Math.round(share * 100)} % of the capacity, lgsp / bare-nest`;
  const target = share === 0.5 ? { atMost: p99AtMost } : {};
  return [
    { what, ratios: ratios(mine, other, ({ latencyMs }) => latencyMs.p99), doubt: doubtOf(mine, other), ...target },
  ];
}
