import { randomUUID } from 'node:crypto';
import { busHeaders } from '#lgsp/bus';
import { standingFault, type CommandProgress, type FeedPage, type FollowedCommand } from '#lgsp/progress';
import { kebabCase, type Command, type ConnectorConfig, type Feed } from '..';
import type { ConnectorHarness } from './connector.harness';

const serialsMax = 10_000;
let serials = Math.floor(Math.random() * serialsMax);

/** A command of a dossier and a key of its own, as it is followed, and the headers that it is sent with. */
function fresh(): { followed: FollowedCommand; headers: Record<string, string> } {
  const serial = String(serials++ % serialsMax).padStart(4, '0');
  const followed = {
    transactionId: randomUUID(),
    client: 'contract-test',
    idempotencyKey: randomUUID(),
    agency: 'H24.11',
    dossier: `H24.11-261104-${serial}`,
    procedure: '1.001193',
  };
  const { transactionId, idempotencyKey, dossier } = followed;
  const headers = {
    [busHeaders.transactionId]: transactionId,
    [busHeaders.idempotencyKey]: idempotencyKey,
    [busHeaders.dossier]: dossier,
  };
  return { followed, headers };
}

/** What every command that is followed keeps. */
export function describeFollowing(harness: ConnectorHarness<ConnectorConfig>, verb: string, command: Command): void {
  const batchMax = command.follow!.batchMax ?? 1;
  const ask = (commands: unknown) => harness.ask(verb, '.progress', commands);

  it('says where stands what it began, under one reference, and nothing of what it never began', async () => {
    const [known, unknown] = [fresh(), fresh()];
    expect((await harness.call(verb, command.example.input, { headers: known.headers })).code).toBe('ok');
    const asked = batchMax > 1 ? [unknown.followed, known.followed] : [known.followed];
    const { code, output } = await ask(asked);
    const told = output as unknown as CommandProgress[];
    expect({ code, ids: told.map(({ transactionId }) => transactionId) }).toEqual({
      code: 'ok',
      ids: [known.followed.transactionId],
    });
    expect(standingFault(told[0])).toBeUndefined();
    const again = (await ask([known.followed])).output as unknown as CommandProgress[];
    expect(again[0]!.reference).toBe(told[0]!.reference);
    expect((await ask([unknown.followed])).output).toEqual([]);
  });

  it(`is asked about at most ${batchMax} at once`, async () => {
    const commands = Array.from({ length: batchMax + 1 }, () => fresh().followed);
    expect((await ask(commands)).code).toBe('invalid-request');
    expect((await ask([])).code).toBe('invalid-request');
    expect((await ask([{ client: 'nobody' }])).code).toBe('invalid-request');
  });

  it.each([
    ['error-500', 'upstream-fault'],
    ['down', 'upstream-unreachable'],
  ])('is not known to stand anywhere while the upstream has the fault %s: %s', async (kind, code) => {
    const { followed, headers } = fresh();
    await harness.call(verb, command.example.input, { headers });
    await harness.standIn.setFault({ kind });
    expect((await ask([followed])).code).toBe(code);
  });
}

/** What every list of changes keeps. */
export function describeFeed(harness: ConnectorHarness<ConnectorConfig>, name: string, { pageMax }: Feed): void {
  const list = kebabCase(name);

  it('reads a page, each change with the word that acknowledges it, and acknowledges it', async () => {
    const { code, output } = await harness.ask(list, '.feed', { limit: pageMax });
    const { changes, more } = output as unknown as FeedPage;
    expect({ code, more: typeof more }).toEqual({ code: 'ok', more: 'boolean' });
    expect(changes.map((change) => standingFault(change) ?? typeof change.token)).toEqual(changes.map(() => 'string'));
    const tokens = changes.map(({ token }) => token);
    if (tokens.length > 0) expect((await harness.ask(list, '.acknowledge', { tokens })).code).toBe('ok');
  });

  it('is read within its bounds', async () => {
    expect((await harness.ask(list, '.feed', { limit: pageMax + 1 })).code).toBe('invalid-request');
    expect((await harness.ask(list, '.acknowledge', { tokens: 'all' })).code).toBe('invalid-request');
  });

  it('is not known while the upstream fails', async () => {
    await harness.standIn.setFault({ kind: 'error-500' });
    expect((await harness.ask(list, '.feed', { limit: 1 })).code).toBe('upstream-fault');
  });
}
