import { startNats, type TestNats } from '#lgsp/bus/testing';
import { EventLog, type BusEvent, type PlacedEvent } from '.';

let nats: TestNats;
let events: EventLog;

beforeAll(async () => {
  nats = await startNats();
  events = await EventLog.open(await nats.connect());
});
afterAll(() => nats.stop());

const eventOf = (id: string, client: string): BusEvent => ({
  id,
  type: 'transaction.succeeded',
  time: '2026-11-24T09:00:00+07:00',
  client,
  system: 'civil-registry',
  operation: 'register-birth',
  transactionId: '019ac0de-7c1a-7b5e-8f0a-2b1c3d4e5f60',
  dossier: 'H24.11-261101-0001',
  data: { outcome: 'succeeded', final: true, attempts: 1 },
});

async function collect(from: AsyncIterable<PlacedEvent>): Promise<string[]> {
  const ids: string[] = [];
  for await (const { event } of from) ids.push(event.id);
  return ids;
}

it('keeps the events of each client in order, and an event that is appended again once', async () => {
  for (const [id, client] of [
    ['1', 'one-stop'],
    ['2', 'other'],
    ['3', 'one-stop'],
    ['1', 'one-stop'],
  ] as const)
    await events.append(eventOf(id, client));
  expect(await collect(events.read('one-stop'))).toEqual(['1', '3']);
  expect(await collect(events.read('other'))).toEqual(['2']);
  expect(await collect(events.read(undefined))).toEqual(['1', '2', '3']);
});

it('goes on after a position with what was appended since', async () => {
  const position = await events.append(eventOf('4', 'later'));
  await events.append(eventOf('5', 'later'));
  expect(await collect(events.read('later', position))).toEqual(['5']);
});

it('opens what is there already', async () => {
  const again = await EventLog.open(await nats.connect('again'));
  expect(await collect(again.read('other'))).toEqual(['2']);
});
