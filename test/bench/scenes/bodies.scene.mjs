/** Larger bodies: what is relayed as bytes costs the same, what is parsed and written again does not. */
import { bodyOf } from '../harness/bodies.mjs';
import { lines } from '../harness/chart.svg.mjs';
import { numbers } from '../harness/options.mjs';
import { doubtOf, middle, mustEcho, ratios, wrkSubject } from '../harness/subjects.mjs';
import { subjectsTable, tableNote } from '../harness/table.mjs';

/** @type {import('../harness/options.mjs').Scene} */
export const scene = {
  summary: 'bodies of 1, 10 and 100 KB',
  options: { kilobytes: { value: '<a,b>', default: '1,10,100', says: 'sizes of the body' } },
  async run(lab) {
    const sizes = numbers('kilobytes', lab.options.kilobytes);
    const stage = await lab.stage();
    const subjects = [];
    for (const name of lab.contenders(['limit', 'bare-nest', 'lgsp'])) {
      const contender = await stage.contender(name);
      for (const kilobytes of sizes) {
        const body = bodyOf(kilobytes * 1_000);
        await mustEcho(contender, body);
        const labels = { contender: name, kilobytes };
        subjects.push(wrkSubject(contender, { ...lab, name: `${name}, ${kilobytes} KB`, body, labels }));
      }
    }
    await lab.measure(subjects);
    return {
      subjects,
      tables: [{ title: 'Bodies', text: `${subjectsTable(subjects)}\n\n${tableNote}` }],
      claims: sizes.flatMap((size) => claim(subjects, size)),
      charts: { cpu: chart(subjects) },
    };
  },
};

/** @param {import('../harness/subjects.mjs').Subject[]} subjects @param {number} size */
function claim(subjects, size) {
  const of = (/** @type {string} */ name) =>
    subjects.find(({ labels }) => labels.contender === name && labels.kilobytes === size);
  const [mine, other] = [of('lgsp'), of('bare-nest')];
  if (!mine || !other) return [];
  const what = `gateway CPU per transaction at ${size} KB, lgsp / bare-nest`;
  return [{ what, ratios: ratios(mine, other, ({ cpu }) => cpu.gateway), doubt: doubtOf(mine, other) }];
}

/** @param {import('../harness/subjects.mjs').Subject[]} subjects */
function chart(subjects) {
  const names = [...new Set(subjects.map(({ labels }) => labels.contender))];
  return lines({
    title: 'CPU microseconds of the gateway per transaction',
    note: 'by the size of the body in KB, medians of one run',
    horizontal: 'KB',
    logarithmic: true,
    series: names.map((name) => ({
      name,
      points: subjects
        .filter(({ labels }) => labels.contender === name)
        .map((subject) => [subject.labels.kilobytes, middle(subject, ({ cpu }) => cpu.gateway).median]),
    })),
  });
}
