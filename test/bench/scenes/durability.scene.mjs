/** What it costs that NATS waits for the disk before it acknowledges: it then loses nothing in a power failure. */
import { join } from 'node:path';
import { Trouble } from '../../../deploy/local/say.mjs';
import { whyNoSync } from '../harness/servers.mjs';
import { doubtOf, mustEcho, ratios, wrkSubject } from '../harness/subjects.mjs';
import { subjectsTable, tableNote } from '../harness/table.mjs';

const throughputAtLeast = 0.8;
const kinds = { query: { path: '/v1/echo/say' }, command: { path: '/v1/echo/order', newKey: true } };

/** @type {import('../harness/options.mjs').Scene} */
export const scene = {
  summary: 'NATS with `sync_interval: always` beside NATS without it (needs a server that knows it: --nats-server)',
  options: { connections: { value: '<n>', default: '64', says: 'connections of the load generator' } },
  async run(lab) {
    const why = whyNoSync(lab.natsProgram, join(lab.folder, 'probe'));
    if (why) throw new Trouble(`sync_interval: always cannot be measured: ${why}; give a newer one with --nats-server`);
    const subjects = [];
    for (const syncAlways of [false, true]) {
      const stage = await lab.stage({ syncAlways });
      const lgsp = await stage.contender('lgsp');
      await mustEcho(lgsp);
      for (const [kind, variant] of Object.entries(kinds)) {
        const name = `${kind}, ${syncAlways ? 'sync always' : 'default'}`;
        subjects.push(wrkSubject(lgsp, { ...lab, name, variants: [variant], labels: { kind } }));
      }
    }
    await lab.measure(subjects);
    return {
      subjects,
      tables: [{ title: 'Waiting for the disk', text: `${subjectsTable(subjects, 'call')}\n\n${tableNote}` }],
      claims: Object.keys(kinds).map((kind) => {
        const [without, with_] = subjects.filter(({ labels }) => labels.kind === kind);
        return {
          what: `throughput of a ${kind}, sync always / default`,
          ratios: ratios(with_, without, ({ perSecond }) => perSecond),
          atLeast: throughputAtLeast,
          doubt: doubtOf(with_, without),
        };
      }),
      notes: ['A disk that acknowledges before it has written makes these figures promise too much.'],
    };
  },
};
