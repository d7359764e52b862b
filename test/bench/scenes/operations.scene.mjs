/** Whether a call costs more when more operations can be called, all of them called. */
import { numbers } from '../harness/options.mjs';
import { mustEcho, wrkSubject } from '../harness/subjects.mjs';
import { subjectsTable, tableNote } from '../harness/table.mjs';
import { chart, growth } from './clients.scene.mjs';

const operationsPerSystem = 20;
/** How long the gateway may take to learn of all operations, in milliseconds. */
const discoveryMs = 15_000;

/** @type {import('../harness/options.mjs').Scene} */
export const scene = {
  summary: 'from 20 to 1,000 operations in the catalogue, each called in turn',
  options: { operations: { value: '<a,b>', default: '20,100,1000', says: 'operations that connectors offer' } },
  async run(lab) {
    const subjects = [];
    for (const count of numbers('operations', lab.options.operations)) {
      const systems = systemsWith(count);
      const stage = await lab.stage({ systems });
      const lgsp = await stage.contender('lgsp');
      const paths = systems.flatMap(({ name, operations }) => operations.map((it) => `/v1/${name}/${it.name}`));
      for (const path of paths) await becomesKnown({ ...lgsp, path });
      lab.say(`${paths.length} operations are known`);
      const variants = paths.map((path) => ({ path }));
      subjects.push(wrkSubject(lgsp, { ...lab, name: String(count), variants, labels: { operations: count } }));
    }
    await lab.measure(subjects);
    return {
      subjects,
      tables: [{ title: 'Operations', text: `${subjectsTable(subjects, 'operations')}\n\n${tableNote}` }],
      claims: growth(subjects, 'operations'),
      charts: { cpu: chart(subjects, 'operations') },
    };
  },
};

/** @param {number} count @returns {import('../harness/stage.mjs').RespondingSystem[]} */
function systemsWith(count) {
  const systems = [];
  for (let left = count; left > 0; left -= operationsPerSystem) {
    const operations = Array.from({ length: Math.min(left, operationsPerSystem) }, (_, at) => ({
      name: `read-${at + 1}`,
    }));
    systems.push({
      name: `system-${systems.length + 1}`,
      operations: operations.map((it) => ({ ...it, kind: 'query' })),
    });
  }
  return systems;
}

/** A connector that has just come is found by and by. @param {import('../harness/stage.mjs').Contender} contender */
async function becomesKnown(contender) {
  for (const deadline = Date.now() + discoveryMs; ; await new Promise((resolve) => setTimeout(resolve, 200))) {
    try {
      return await mustEcho(contender);
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}
