import { setImmediate as nextTurn } from 'node:timers/promises';
import { RequestInbox } from './request.inbox';
import { wireHeaders } from './wire.headers';
import { startNats, type TestNats } from './testing';

let nats: TestNats;
beforeAll(async () => {
  nats = await startNats();
});
afterAll(() => nats.stop());

it('takes an answer that came in time while the process was held up past the deadline', async () => {
  const inbox = new RequestInbox(await nats.connect());
  const held = new Int32Array(new SharedArrayBuffer(4));
  for (let tried = 0; tried < 5; tried++) {
    // The server itself answers, and not a service that would be held up as well.
    const answer = inbox.request('$JS.API.INFO', new Uint8Array(), 50, wireHeaders({}));
    await nextTurn();
    Atomics.wait(held, 0, 0, 150);
    expect((await answer).data.length).toBeGreaterThan(0);
  }
});

it('waits for nothing once its connection is closed', async () => {
  const connection = await nats.connect();
  connection.nats.subscribe('silence');
  const startedAt = Date.now();
  const asked = new RequestInbox(connection).request('silence', new Uint8Array(), 60_000, wireHeaders({}));
  const [refused] = await Promise.allSettled([asked, connection.close()]);
  expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'bus-unavailable' } });
  expect(Date.now() - startedAt).toBeLessThan(10_000);
});

it('waits no longer than it may for an answer that does not come', async () => {
  const connection = await nats.connect();
  connection.nats.subscribe('silence');
  const asked = new RequestInbox(connection).request('silence', new Uint8Array(), 50, wireHeaders({}));
  await expect(asked).rejects.toMatchObject({ code: 'deadline-exceeded' });
});
