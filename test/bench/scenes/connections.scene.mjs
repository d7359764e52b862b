/** From one caller that waits for each answer to many at once. */
import { lines } from '../harness/chart.svg.mjs';
import { numbers } from '../harness/options.mjs';
import { middle, mustEcho, wrkSubject } from '../harness/subjects.mjs';
import { subjectsTable, tableNote } from '../harness/table.mjs';

/** @type {import('../harness/options.mjs').Scene} */
export const scene = {
  summary: '1, 16, 64 and 256 connections',
  options: { connections: { value: '<a,b>', default: '1,16,64,256', says: 'connections of the load generator' } },
  async run(lab) {
    const counts = numbers('connections', lab.options.connections);
    const stage = await lab.stage();
    const subjects = [];
    for (const name of lab.contenders(['limit', 'bare-nest', 'lgsp'])) {
      const contender = await stage.contender(name);
      await mustEcho(contender);
      for (const connections of counts) {
        const labels = { contender: name, connections };
        subjects.push(wrkSubject(contender, { ...lab, connections, name: `${name}, ${connections}`, labels }));
      }
    }
    await lab.measure(subjects);
    return {
      subjects,
      tables: [{ title: 'Connections', text: `${subjectsTable(subjects)}\n\n${tableNote}` }],
      charts: {
        throughput: chart(subjects, 'Transactions per second', ({ perSecond }) => perSecond),
        p99: chart(subjects, 'The slowest of a hundred answers, in milliseconds', ({ latencyMs }) => latencyMs.p99),
      },
    };
  },
};

/**
 * @param {import('../harness/subjects.mjs').Subject[]} subjects @param {string} title
 * @param {(round: import('../harness/subjects.mjs').Round) => number} figure
 */
function chart(subjects, title, figure) {
  const names = [...new Set(subjects.map(({ labels }) => labels.contender))];
  return lines({
    title,
    note: 'by connections, medians of one run',
    horizontal: 'connections',
    logarithmic: true,
    series: names.map((name) => ({
      name,
      points: subjects
        .filter(({ labels }) => labels.contender === name)
        .map((subject) => [subject.labels.connections, middle(subject, figure).median]),
    })),
  });
}
