/** Whether a call costs more when more callers are registered, all of them calling. */
import { numbers } from '../harness/options.mjs';
import { manyClients } from '../harness/product.mjs';
import { doubtOf, middle, mustEcho, ratios, wrkSubject } from '../harness/subjects.mjs';
import { subjectsTable, tableNote } from '../harness/table.mjs';
import { lines } from '../harness/chart.svg.mjs';

/** Calls with new tokens that any machine bears. */
const slowestPerSecond = 1_000;

/** @type {import('../harness/options.mjs').Scene} */
export const scene = {
  summary: 'from 10 to 10,000 registered clients, each calling in turn',
  options: { clients: { value: '<a,b>', default: '10,100,1000,10000', says: 'registered clients' } },
  async run(lab) {
    const subjects = [];
    const counts = numbers('clients', lab.options.clients);
    for (const count of counts) {
      // Each with servers of its own, so that all can be measured in turn.
      const stage = await lab.stage();
      const lgsp = await stage.contender('lgsp');
      const tokens = await manyClients(stage.environment.NATS_URL, count);
      lab.say(`${count} clients are registered`);
      const variants = tokens.map((token) => ({ path: lgsp.path, headers: { Authorization: `Bearer ${token}` } }));
      for (const { headers } of [variants[0], variants.at(-1)]) await mustEcho({ ...lgsp, headers });
      subjects.push(wrkSubject(lgsp, { ...lab, name: String(count), variants, labels: { clients: count } }));
    }
    // Every token is seen in the warm-up: to verify one for the first time is another thing than to know it.
    await lab.measure(subjects, { warmup: Math.max(lab.warmup, Math.max(...counts) / slowestPerSecond) });
    return {
      subjects,
      tables: [{ title: 'Registered clients', text: `${subjectsTable(subjects, 'clients')}\n\n${tableNote}` }],
      claims: growth(subjects, 'clients'),
      charts: { cpu: chart(subjects, 'clients') },
    };
  },
};

/** What the largest number costs beside the smallest. @param {import('../harness/subjects.mjs').Subject[]} subjects @param {string} what */
export function growth(subjects, what) {
  const [least, most] = [subjects[0], subjects.at(-1)];
  if (least === most) return [];
  return [
    {
      what: `gateway CPU per transaction, ${most.name} / ${least.name} ${what}`,
      ratios: ratios(most, least, ({ cpu }) => cpu.gateway),
      doubt: doubtOf(most, least),
    },
  ];
}

/** @param {import('../harness/subjects.mjs').Subject[]} subjects @param {string} what */
export function chart(subjects, what) {
  const series = ['gateway', 'redis', 'nats'].map((role) => ({
    name: role,
    points: subjects.map((subject) => [subject.labels[what], middle(subject, ({ cpu }) => cpu[role]).median]),
  }));
  const note = 'medians of one run';
  return lines({ title: 'CPU microseconds per transaction', note, horizontal: what, logarithmic: true, series });
}
