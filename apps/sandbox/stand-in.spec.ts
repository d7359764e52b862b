import { startStandIn } from './start.stand-in';
import { defineStandIn } from './stand-in';

let made = 0;
const counting = defineStandIn({
  system: 'counting',
  contentType: 'application/json',
  faultDocument: { status: 500, contentType: 'application/json', body: '{}' },
  env: () => ({}),
  state: () => {
    made++;
    return { seen: 0 };
  },
  routes(app, { state }) {
    app.get('/', () => ({ seen: ++state.seen }));
  },
});

const seenBy = async ({ baseUrl }: { baseUrl: string }): Promise<unknown> => (await fetch(baseUrl)).json();

it('keeps the state of a stand-in while its listener is down, and gives each stand-in its own', async () => {
  made = 0;
  const [first, second] = await Promise.all([startStandIn(counting), startStandIn(counting)]);
  try {
    expect(await seenBy(first)).toEqual({ seen: 1 });
    await first.setFault({ kind: 'down' });
    await expect(seenBy(first)).rejects.toThrow('fetch failed');
    await first.setFault(undefined);
    expect(await seenBy(first)).toEqual({ seen: 2 });
    expect(await seenBy(second)).toEqual({ seen: 1 });
    expect(made).toBe(2);
  } finally {
    await Promise.all([first.stop(), second.stop()]);
  }
});

it('remembers what was presented to it as a credential, wherever that stood', async () => {
  const standIn = await startStandIn(counting);
  const headers = { authorization: 'Bearer invented-token', lgspaccesstoken: 'invented-access', 'content-type': 'a/b' };
  const body = JSON.stringify({ MaXacThuc: 'invented-proof', name: 'Nguyễn Thị Mẫu' });
  try {
    await fetch(`${standIn.baseUrl}/nowhere`, { method: 'POST', headers, body });
    expect([...standIn.credentials].toSorted()).toEqual(['invented-access', 'invented-proof', 'invented-token']);
  } finally {
    await standIn.stop();
  }
});
