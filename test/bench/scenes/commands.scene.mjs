/** What it costs that a command takes effect once: its key is kept durably before it is sent, its answer before it is given. */
import { randomUUID } from 'node:crypto';
import { doubtOf, mustEcho, ratios, wrkSubject } from '../harness/subjects.mjs';
import { subjectsTable, tableNote } from '../harness/table.mjs';

const path = '/v1/echo/order';

/** @type {import('../harness/options.mjs').Scene} */
export const scene = {
  summary: 'commands with an idempotency key beside queries: new ones, and one that is sent again and again',
  async run(lab) {
    const stage = await lab.stage();
    const lgsp = await stage.contender('lgsp');
    await mustEcho(lgsp);
    const again = { 'Idempotency-Key': randomUUID() };
    await mustEcho({ ...lgsp, path, headers: { ...lgsp.headers, ...again } });

    const query = wrkSubject(lgsp, { ...lab, name: 'query' });
    const command = wrkSubject(lgsp, { ...lab, name: 'new command', variants: [{ path, newKey: true }] });
    const repeated = wrkSubject(lgsp, { ...lab, name: 'repeated command', variants: [{ path, headers: again }] });
    const subjects = [query, command, repeated];
    await lab.measure(subjects);
    return {
      subjects,
      tables: [{ title: 'Commands', text: `${subjectsTable(subjects, 'call')}\n\n${tableNote}` }],
      claims: [command, repeated].map((other) => ({
        what: `gateway CPU per transaction, ${other.name} / query`,
        ratios: ratios(other, query, ({ cpu }) => cpu.gateway),
        doubt: doubtOf(other, query),
      })),
    };
  },
};
