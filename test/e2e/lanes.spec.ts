import { courierSubjects } from '#lgsp/jobs';
import { until } from '../../apps/gateway/testing/gateway.harness';
import { CourierHarness } from './courier.harness';

/** Jobs of one dossier, sent one after the other. */

const harness = new CourierHarness();
/** How long one sending may take: nobody may wait so long for the job before it, which was answered long ago. */
const timeoutMs = 60_000;

beforeAll(() => harness.startAll({}, { timeoutMs: String(timeoutMs) }), 60_000);
afterAll(() => harness.stop());

const order = (subject: string) => harness.ask(subject, { system: 'parcels', who: 'an operator' });

it('go on as soon as the one before has ended, in their order, also when more wait than are kept in memory', async () => {
  await order(courierSubjects.pause);
  const keys: string[] = [];
  for (let nth = 0; nth < 130; nth++) {
    keys.push(`lane-${nth}`);
    await harness.send(keys[nth]!, { 'lgsp-dossier': 'H24.11-261101-0001' });
  }
  await order(courierSubjects.resume);
  await until(() => harness.connector.effects.length === keys.length, timeoutMs / 2);
  expect(harness.connector.effects).toEqual(keys);
}, 120_000);

it('wait with the one before that is sent again, and take no turn of others meanwhile', async () => {
  harness.connector.effects.length = 0;
  harness.connector.sent.length = 0;
  const other = { authorization: `ApiKey ${await harness.register('other')}` };
  harness.connector.decide = ({ key }) => {
    const tries = harness.connector.sent.filter((sent) => sent.key === key).length;
    return key === 'first-0' && tries < 3 ? 'upstream-unreachable' : 'ok';
  };
  await order(courierSubjects.pause);
  const keys = ['first', 'second', 'third', 'fourth'].flatMap((name) => [`${name}-0`, `${name}-1`]);
  for (const key of keys) await harness.send(key, { 'lgsp-dossier': `H24.11-261102-000${key.slice(-1)}` });
  await harness.send('other', other);
  await order(courierSubjects.resume);
  await until(() => harness.connector.effects.length === keys.length + 1, timeoutMs / 2);
  const inLane = (lane: string) => harness.connector.effects.filter((key) => key.endsWith(lane));
  for (const lane of ['-0', '-1']) expect(inLane(lane)).toEqual(keys.filter((key) => key.endsWith(lane)));
  expect(harness.connector.effects.indexOf('other')).toBeLessThan(3);
}, 60_000);
