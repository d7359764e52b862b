import { startNats, type TestNats } from '#lgsp/bus/testing';
import type { KeyValueStore } from '#lgsp/bus';
import { openCommandStore } from '#lgsp/recorder';
import type { CommandRecord } from '#lgsp/records';
import { CommandTurns } from './command.turns';

let nats: TestNats;
let store: KeyValueStore<CommandRecord>;
let turns: CommandTurns;

beforeAll(async () => {
  nats = await startNats();
  const connection = await nats.connect();
  [store, turns] = await Promise.all([openCommandStore(connection), CommandTurns.open(connection)]);
});
afterAll(() => nats.stop());

async function queued(place: string) {
  const job = { place, transactionId: `transaction-${place}`, turn: 1 };
  const { transactionId } = job;
  const queue = { turn: 1, attempts: 0, uncertain: false };
  const kept = { transactionId, state: 'queued', attempt: 0, deadline: 0, queue } as CommandRecord;
  await store.create(place, kept);
  return { job, kept };
}
const soon = (): number => Date.now() + 10_000;

it('takes a command that was seen in hand once, whoever saw it', async () => {
  const { job } = await queued('twice');
  const [one, other] = [await turns.look(job), await turns.look(job)];
  expect(one).toMatchObject({ freeAt: undefined, stored: { value: { state: 'queued' } } });
  const kinds = await Promise.all([one, other].map(async (seen) => (await turns.take(job, soon(), { seen })).kind));
  expect(kinds.toSorted()).toEqual(['held', 'wait']);
  expect((await store.get('twice'))!.value).toMatchObject({ state: 'sending', attempt: 1, queue: { attempts: 1 } });
});

it('goes by what has become of a command since it was seen', async () => {
  const changes: Record<string, (kept: CommandRecord) => CommandRecord> = {
    ended: (kept) => ({
      ...kept,
      state: 'done',
      queue: { ...kept.queue!, ended: { outcome: 'rejected', final: true, code: 'cancelled', reason: 'cancelled' } },
    }),
    stale: (kept) => ({ ...kept, state: 'failed', queue: { ...kept.queue!, turn: 2 } }),
    gone: (kept) => ({ ...kept, transactionId: 'another' }),
    wait: (kept) => ({ ...kept, queue: { ...kept.queue!, notBefore: soon() } }),
  };
  for (const [kind, change] of Object.entries(changes)) {
    const { job, kept } = await queued(`then-${kind}`);
    const seen = await turns.look(job);
    await store.put(job.place, change(kept));
    expect((await turns.take(job, soon(), { seen })).kind).toBe(kind);
    expect((await turns.look(job))?.freeAt === undefined).toBe(kind !== 'wait');
  }
});

it('takes a command that waits for its next attempt only to end it, and none that is under way', async () => {
  const { job, kept } = await queued('paused');
  await store.put(job.place, { ...kept, queue: { ...kept.queue!, notBefore: soon() } });
  expect((await turns.take(job, soon())).kind).toBe('wait');
  expect((await turns.take(job, soon(), { evenPaused: true })).kind).toBe('held');
  expect((await turns.take(job, soon(), { evenPaused: true })).kind).toBe('wait');
});
