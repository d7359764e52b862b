import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { resolve } from 'node:path';
import type { BusEvent } from '#lgsp/events';
import { until } from '../../apps/gateway/testing/gateway.harness';
import { CourierHarness, idOf } from './courier.harness';

type Seen = BusEvent & { cursor: string };

const cli = resolve(__dirname, '../../dist/apps/cli/main.js');
const harness = new CourierHarness();
let other: string;
let operator: string;
let keys = 0;

beforeAll(async () => {
  await harness.startAll();
  other = await harness.register('other');
  operator = await harness.register('operator', { role: 'operator', grants: [] });
}, 60_000);
afterAll(() => harness.stop());

const as = (secret: string) => ({ authorization: `ApiKey ${secret}` });
const read = async (query: string, headers: Record<string, string> = {}) => {
  const { status, body } = await harness.fetch(`/v1/events${query}`, {}, headers);
  return { status, code: body['code'], events: body['events'] as Seen[], cursor: body['cursor'] as string };
};
const idsOf = (events: readonly Seen[]): string[] => events.map(({ transactionId }) => transactionId!);

/** Commands one after the other, and what became of each: their transactions, once all are told of. */
async function happen(count: number, headers: Record<string, string> = {}): Promise<string[]> {
  const ids: string[] = [];
  for (let nth = 0; nth < count; nth++) ids.push(idOf(await harness.send(`event-${++keys}`, headers)));
  await until(async () => {
    const told = new Set((await harness.eventsOf(undefined)).map(({ event }) => event.transactionId));
    return ids.every((id) => told.has(id));
  }, 20_000);
  return ids;
}

it('are read by their client in order, page by page, each once, and by nobody else', async () => {
  const ids = await happen(7, { 'lgsp-dossier': 'H24.11-261101-0001' });
  const strange = await happen(1, as(other));
  const seen: string[] = [];
  for (let cursor = '0'; ;) {
    const page = await read(`?after=${cursor}&limit=3`);
    expect(page.events.length).toBeLessThanOrEqual(3);
    seen.push(...idsOf(page.events));
    cursor = page.cursor;
    if (page.events.length === 0) break;
  }
  expect(seen).toEqual(ids);
  expect(idsOf((await read('', as(other))).events)).toEqual(strange);
  expect(idsOf((await read('', as(operator))).events)).toEqual([...ids, ...strange]);
  expect(idsOf((await read('?client=other', as(operator))).events)).toEqual(strange);
  expect((await read('?client=other')).code).toBe('invalid-request');
});

it('of other systems are passed over, and not looked at again', async () => {
  const all = await read('');
  const page = await read('?system=land');
  expect(page.events).toEqual([]);
  expect(page.cursor).toBe(all.cursor);
});

it('are waited for as long as the caller wants, and no longer', async () => {
  const { cursor } = await read('?limit=500');
  const startedAt = Date.now();
  expect((await read(`?after=${cursor}&wait=1`)).events).toEqual([]);
  expect(Date.now() - startedAt).toBeGreaterThanOrEqual(900);
  const waiting = read(`?after=${cursor}&wait=30`);
  const [id] = await happen(1);
  expect(idsOf((await waiting).events)).toEqual([id]);
});

it('come as a stream that goes on where it broke', async () => {
  const first = await listen({ after: (await read('?limit=500')).cursor });
  const ids = await happen(2);
  await until(() => first.events.length === 2, 20_000);
  // Two dossiers: either may be first.
  const told = first.events.map(({ data }) => (JSON.parse(data) as Seen).transactionId);
  expect(told.toSorted()).toEqual(ids.toSorted());
  expect(first.events[0]!.event).toBe('transaction.succeeded');
  first.close();
  const more = await happen(1);
  const again = await listen({ last: first.events[0]!.id });
  await until(() => again.events.length === 2, 20_000);
  expect(again.events.map(({ data }) => (JSON.parse(data) as Seen).transactionId)).toEqual([told[1], ...more]);
  again.close();
});

it('are followed on the command line, from a cursor or from now on', async () => {
  const tail = (...args: string[]) => {
    const env = { PATH: process.env['PATH'], LGSP_URL: harness.gateway.url, LGSP_CLIENT_SECRET: harness.secret };
    const child = spawn(process.execPath, [cli, 'events', 'tail', ...args], { env });
    const told = { text: '', ended: once(child, 'close'), child };
    child.stdout.on('data', (chunk: Buffer) => void (told.text += chunk.toString('utf8')));
    return told;
  };
  const kept = (await read('?limit=500')).events;
  const all = tail('--after', '0', '--once', '--json');
  expect(await all.ended).toEqual([0, null]);
  expect(all.text).toBe(kept.map((event) => `${JSON.stringify(event)}\n`).join(''));
  const following = tail();
  const made: string[] = [];
  await until(async () => {
    made.push(...(await happen(1)));
    return following.text !== '';
  }, 60_000);
  following.child.kill('SIGINT');
  expect(await following.ended).toEqual([0, null]);
  const lines = following.text.trimEnd().split('\n');
  for (const line of lines) expect(made.some((id) => line.includes(id))).toBe(true);
  expect(lines[0]).toContain('transaction.succeeded');
}, 150_000);

it('are read by no more at once than a client may', async () => {
  const streams = await Promise.all(Array.from({ length: 10 }, () => listen({})));
  expect((await read('')).code).toBe('rate-limited');
  for (const stream of streams) stream.close();
  await until(async () => (await read('')).status === 200);
});

it.each(['?after=x', '?limit=0', '?limit=501', '?wait=31', '?system=A', '?nothing=1', '?after=1&after=2'])(
  '%s is refused by name',
  async (query) => {
    expect(await read(query)).toMatchObject({ status: 400, code: 'invalid-request' });
  },
);

interface Frame {
  id: string;
  event: string;
  data: string;
}

/** Follows the stream of the tester's events. */
function listen({ after, last }: { after?: string; last?: string }): Promise<{ events: Frame[]; close(): void }> {
  const headers = { ...as(harness.secret), accept: 'text/event-stream', ...(last ? { 'last-event-id': last } : {}) };
  return new Promise((resolve, reject) => {
    const address = `${harness.gateway.url}/v1/events${after ? `?after=${after}` : ''}`;
    const request = httpRequest(address, { headers, agent: false }, (response) => {
      const events: Frame[] = [];
      let text = '';
      expect(response.headers['content-type']).toContain('text/event-stream');
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8');
        const frames = text.split('\n\n');
        text = frames.pop()!;
        for (const frame of frames) {
          const fields = Object.fromEntries(
            frame.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
          );
          if (fields['data']) events.push(fields as unknown as Frame);
        }
      });
      response.on('error', () => undefined); // Closed by ourselves.
      resolve({ events, close: () => request.destroy() });
    });
    request.on('error', reject);
    request.end();
  });
}
