/** Several gateways side by side, and what that says of a larger machine. */
import { numbers } from '../harness/options.mjs';
import { doubtOf, middle, mustEcho, ratios, wrkSubject } from '../harness/subjects.mjs';
import { digits, roles, subjectsTable, tableNote } from '../harness/table.mjs';

/** @type {import('../harness/options.mjs').Scene} */
export const scene = {
  summary: '1, 2 and 4 gateway processes, and an estimate for a larger machine',
  options: {
    processes: { value: '<a,b>', default: '1,2,4', says: 'gateways that share the load' },
    connections: { value: '<n>', default: '64', says: 'connections of the load generator, over all gateways' },
    cores: { value: '<n>', default: '16', says: 'of the machine to estimate for' },
  },
  async run(lab) {
    const counts = numbers('processes', lab.options.processes);
    const [cores] = numbers('cores', lab.options.cores);
    const stage = await lab.stage();
    const first = await stage.contender('lgsp');
    const gateways = [first];
    const secret = /** @type {string} */ (first.started.told.client?.secret);
    while (gateways.length < Math.max(...counts)) {
      gateways.push(await stage.contender('lgsp', { BENCH_CLIENT_SECRET: secret }));
    }
    for (const gateway of gateways) await mustEcho(gateway);
    const subjects = counts.map((count) =>
      wrkSubject(gateways.slice(0, count), { ...lab, name: String(count), labels: { processes: count } }),
    );
    await lab.measure(subjects);
    return {
      subjects,
      tables: [{ title: 'Gateway processes', text: `${subjectsTable(subjects, 'gateways')}\n\n${tableNote}` }],
      claims: subjects.slice(1).map((subject) => ({
        what: `throughput, ${subject.name} / ${subjects[0].name} gateways`,
        ratios: ratios(subject, subjects[0], ({ perSecond }) => perSecond),
        doubt: doubtOf(subject, subjects[0]),
      })),
      notes: [
        estimate(subjects[0], cores),
        `This machine has ${lab.machine.cores} cores, which all of these processes share.`,
      ],
    };
  },
};

/** On paper: CPU time per transaction is what a core has to give. @param {import('../harness/subjects.mjs').Subject} subject @param {number} cores */
function estimate(subject, cores) {
  const used = roles.map((role) => ({ role, µs: middle(subject, ({ cpu }) => cpu[role] ?? 0).median }));
  const sum = used.reduce((total, { µs }) => total + µs, 0);
  const parts = used.map(({ role, µs }) => `${role} ${digits(µs)}`).join(' + ');
  const single = used.filter(({ role, µs }) => role !== 'nats' && µs > 0);
  const bounds = single.map(({ role, µs }) => `${role} ${digits(1e6 / µs)}`).join(', ');
  return [
    `On paper, for ${cores} cores without a load generator: ${parts} = ${digits(sum)} µs of CPU per transaction,`,
    `so at most ${digits((cores * 1e6) / sum)} transactions per second if all cores are busy all the time; plan with half.`,
    `One process of each uses one core, and so bears at most, per second: ${bounds}; NATS uses several.`,
  ].join('\n');
}
