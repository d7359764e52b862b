/** All contenders side by side: the same responder and body, in turn. */
import { bars } from '../harness/chart.svg.mjs';
import { doubtOf, middle, mustEcho, ratios, wrkSubject } from '../harness/subjects.mjs';
import { roles, subjectsTable, tableNote } from '../harness/table.mjs';

/** What the bus is to show (medians of one run, everything on). */
const wanted = [
  { against: 'bare-nest', figure: 'cpu', atMost: 1 },
  { against: 'limit', figure: 'cpu', atMost: 1.5 },
  // Admission on against off: who calls, whether it may, and how often.
  { against: 'lgsp-open', figure: 'cpu', atMost: 1.15 },
  { against: 'moleculer', figure: 'throughput', atLeast: 1 },
  { against: 'moleculer-duties', figure: 'throughput', atLeast: 1.5 },
  { against: 'nest-as-built', figure: 'throughput', atLeast: 3 },
];

const figures = {
  cpu: { what: 'gateway CPU per transaction', of: ({ cpu }) => cpu.gateway },
  throughput: { what: 'throughput', of: ({ perSecond }) => perSecond },
};

/** @type {import('../harness/options.mjs').Scene} */
export const scene = {
  summary: 'all contenders side by side, one small query',
  options: { connections: { value: '<n>', default: '64', says: 'connections of the load generator' } },
  async run(lab) {
    const stage = await lab.stage();
    const subjects = [];
    for (const name of lab.contenders()) {
      const contender = await stage.contender(name);
      await mustEcho(contender);
      subjects.push(wrkSubject(contender, lab));
    }
    await lab.measure(subjects);
    return {
      subjects,
      tables: [{ title: 'One small query', text: `${subjectsTable(subjects)}\n\n${tableNote}` }],
      claims: claims(subjects),
      charts: charts(subjects),
    };
  },
};

/** @param {import('../harness/subjects.mjs').Subject[]} subjects */
function claims(subjects) {
  const mine = subjects.find(({ name }) => name === 'lgsp');
  const found = wanted.map(({ against, figure, ...target }) => {
    const other = subjects.find(({ name }) => name === against);
    if (!mine || !other) return undefined;
    const { what, of } = figures[figure];
    return {
      what: `${what}, lgsp / ${against}`,
      ratios: ratios(mine, other, of),
      doubt: doubtOf(mine, other),
      ...target,
    };
  });
  return found.filter((claim) => claim !== undefined);
}

/** @param {import('../harness/subjects.mjs').Subject[]} subjects */
function charts(subjects) {
  const perSecond = subjects.map((subject) => ({
    name: subject.name,
    values: [middle(subject, figures.throughput.of).median],
    spread: middle(subject, figures.throughput.of).spread,
  }));
  const cpu = subjects.map((subject) => ({
    name: subject.name,
    values: roles.map((role) => middle(subject, (round) => round.cpu[role] ?? 0).median),
    spread: middle(subject, (round) => roles.reduce((sum, role) => sum + (round.cpu[role] ?? 0), 0)).spread,
  }));
  const note = 'medians of one run, whiskers: the spread of its rounds';
  return {
    throughput: bars({ title: 'Transactions per second', note, parts: [''], rows: perSecond }),
    cpu: bars({ title: 'CPU microseconds per transaction', note, parts: roles, rows: cpu }),
  };
}
