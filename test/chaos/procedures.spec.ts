import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BusClient, type BusConnection } from '#lgsp/bus';
import { EventLog } from '#lgsp/events';
import { procedureSubjects, type ProcedureView } from '#lgsp/procedures';
import { bookSubjects, type TransactionPage, type TransactionView } from '#lgsp/records';
import { until } from '../../apps/gateway/testing/gateway.harness';
import { linkedProcedures } from '../../apps/linked-procedures/linked-procedures.connector';
import { TestBus } from '../e2e/test.bus';

const bus = new TestBus();
const folder = mkdtempSync(join(tmpdir(), 'lgsp-procedures-'));
const jobKey = { LGSP_JOB_KEY: randomBytes(32).toString('base64url') };
const system = 'linked-procedures';
const withinMs = 90_000;
let connection: BusConnection;
let client: BusClient;

beforeAll(async () => {
  await bus.start();
  await bus.run('sandbox', 'sandbox', {
    LGSP_SANDBOX_PORT: '0',
    LGSP_SANDBOX_SECRET: 'invented for this test',
    LGSP_SANDBOX_STEP_MS: '1000',
  });
  await Promise.all([
    bus.run('ledger', 'ledger', { LGSP_LEDGER_DIR: folder, LGSP_LEDGER_SETTLE_MS: '3000' }),
    ...['civil-registry', 'health-insurance'].map((name) => bus.run(name, name, bus.upstreams.get(name))),
    bus.run('gateway', 'gateway', jobKey),
    bus.run('courier', 'courier', { ...jobKey, LGSP_COURIER_LEASE_MS: '2000' }),
    bus.run(system, system, {
      ...jobKey,
      LGSP_PROCEDURES_LEASE_MS: '1000',
      LGSP_PROCEDURES_CALL_MS: '1500',
      LGSP_PROCEDURES_ASK_MS: '200',
      LGSP_PROCEDURES_ASK_MS_MAX: '400',
      LGSP_PROCEDURES_RETRY_MS: '100',
    }),
  ]);
  connection = await bus.nats.connect('observer');
  client = new BusClient(connection);
}, 240_000);
afterAll(async () => {
  await bus.stop();
  rmSync(folder, { recursive: true, force: true });
});

const example = linkedProcedures.operations.registerBirthWithCard.example.input;
const headers = (dossier: string): Record<string, string> => ({
  'lgsp-agency': 'H24.11',
  'lgsp-officer': 'canbo.mau',
  'lgsp-dossier': dossier,
});

/** Begins a procedure, through the door and the queue of jobs. */
async function begin(dossier: string, linked: string, change: object = {}): Promise<string> {
  const input = { ...example, birth: { ...example.birth, interAgencyDossier: linked }, ...change };
  const answer = await bus.call('gateway', `${system}/register-birth-with-card`, input, {
    ...headers(dossier),
    'idempotency-key': `linked-${dossier}`,
    prefer: 'respond-async',
  });
  expect(answer.status).toBe(202);
  return answer.headers.get('lgsp-transaction-id')!;
}

/** As its client sees it; undefined while it was not begun. */
async function seen(dossier: string): Promise<Record<string, unknown> | undefined> {
  const { text } = await bus.call('gateway', `${system}/get-procedure`, { dossier }, headers(dossier));
  return (JSON.parse(text) as { procedure?: Record<string, unknown> }).procedure;
}

const ask = <T>(subject: string, question: object): Promise<T> =>
  client.call<T>(subject, question, Date.now() + 15_000);

/** Where it stands, without a transaction of its own; undefined while it was not begun, or nobody is there to ask. */
async function viewOf(which: string): Promise<ProcedureView | undefined> {
  const views = await ask<ProcedureView[]>(procedureSubjects.show, { which }).catch(() => []);
  return views[0];
}

const stateOf = async (dossier: string): Promise<string | undefined> => (await viewOf(dossier))?.state;

/** How often something took effect for a dossier, by kind. */
async function effects(dossier: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of ['civil-registry', 'health-insurance']) {
    const response = await fetch(`${bus.urls.get('sandbox')}/effects/${name}`, { signal: AbortSignal.timeout(20_000) });
    for (const { kind, key, count } of (await response.json()) as { kind: string; key: string; count: number }[])
      if (key.startsWith(dossier)) counts[kind] = (counts[kind] ?? 0) + count;
  }
  return counts;
}

async function booked(dossier: string): Promise<TransactionView[]> {
  const page = await ask<TransactionPage>(bookSubjects.transactions, { dossier, limit: 100 });
  return page.transactions.filter(({ operation }) => operation !== 'get-procedure');
}

/** The types of what is told of a procedure, once there are so many: its end is told right after it is seen. */
async function told(id: string, count: number): Promise<string[]> {
  const log = await EventLog.open(connection);
  const types = new Map<string, string>();
  await until(async () => {
    for await (const { event } of log.read('tester')) if (event.transactionId === id) types.set(event.id, event.type);
    return types.size >= count;
  });
  return [...types.values()];
}

const steps = [
  ['register-birth', 'civil-registry.v1.register-birth', /waiting/],
  ['await-birth', 'civil-registry.v1.get-dossier-status', /"completed"/],
  ['issue-card', 'health-insurance.v1.issue-child-card', /received/],
  ['await-card', 'health-insurance.v1.get-card-status', /"issued"/],
] as const;

/** Kills the process at a moment of each step in turn: once it has asked, or once the answer that decides is there. */
function killing(moment: 'asked' | 'answered'): { killed: string[]; stop(): Promise<void> } {
  const killed: string[] = [];
  const replies = new Map<string, string>();
  let restarting: Promise<void> | undefined;
  const kill = (step: string): void => {
    if (restarting !== undefined || killed.includes(step)) return;
    killed.push(step);
    restarting = bus
      .kill(system)
      .then(() => bus.again(system))
      .finally(() => (restarting = undefined));
  };
  const requests = steps.map(([step, subject]) =>
    connection.nats.subscribe(`lgsp.${subject}`, {
      callback: (_error, message) => {
        if (moment === 'asked') kill(step);
        else if (message.reply) replies.set(message.reply, step);
      },
    }),
  );
  const answers = connection.nats.subscribe(`_INBOX_${system}.>`, {
    callback: (_error, message) => {
      const step = replies.get(message.subject);
      const decides = steps.find(([name]) => name === step)?.[2];
      if (decides?.test(message.string())) kill(step!);
    },
  });
  const stop = async (): Promise<void> => {
    [...requests, answers].forEach((subscription) => subscription.unsubscribe());
    await restarting;
  };
  return { killed, stop };
}

it.each([
  ['asked', 'H24.11-261101-0000101', 'G22.01.05-261120-000101'],
  ['answered', 'H24.11-261101-0000102', 'G22.01.05-261120-000102'],
] as const)(
  'killed (-9) when each step in turn has %s, it ends complete, with one registration and one card',
  async (moment, dossier, linked) => {
    const { killed, stop } = killing(moment);
    const id = await begin(dossier, linked);
    await until(async () => (await stateOf(dossier)) === 'completed', withinMs);
    await stop();
    expect(killed).toEqual(steps.map(([step]) => step));
    expect(await effects(dossier)).toEqual({ 'register-birth': 1, 'issue-child-card': 1 });

    const byOne = await seen(dossier);
    expect(byOne).toMatchObject({
      procedure: id,
      dossier,
      linkedDossier: linked,
      steps: steps.map(([step]) => ({ step, state: 'done' })),
      result: {
        personalId: expect.stringMatching(/^031226\d{6}$/) as string,
        cardNumber: expect.stringMatching(/^TE131\d{10}$/) as string,
      },
    });
    expect(await seen(linked)).toEqual(byOne);
    const shown = await ask<ProcedureView[]>(procedureSubjects.show, { which: linked });
    expect(shown.map((view) => view.id)).toEqual([id]);
    expect(JSON.stringify(shown)).not.toContain('TE131');

    // The procedure and each of its steps are one transaction, in the book under either code.
    let found: TransactionView[] = [];
    await until(async () => (found = await booked(dossier)).length >= 5 && found.every(({ final }) => final), 30_000);
    const own = (byOne!['steps'] as { transactionId: string }[]).map(({ transactionId }) => transactionId);
    expect(found.map((one) => one.id).toSorted()).toEqual([id, ...own].toSorted());
    expect(found.map(({ outcome }) => outcome)).toEqual(found.map(() => 'succeeded'));
    expect((await booked(linked)).map((one) => one.id)).toEqual(found.map((one) => one.id));
    expect(await told(id, 2)).toEqual(['transaction.succeeded', 'procedure.completed']);
  },
  withinMs + 60_000,
);

it(
  'stops where the card is refused for good, and goes on there once the input is put right: the birth is registered once',
  async () => {
    const [dossier, linked] = ['H24.11-261101-0000103', 'G22.01.05-261120-000103'];
    const id = await begin(dossier, linked, { card: { ...example.card, clinicCode: '01016' } });
    await until(async () => (await stateOf(dossier)) === 'failed', withinMs);
    expect(await seen(dossier)).toMatchObject({
      note: expect.stringContaining('the birth is registered and stays so') as string,
      steps: [{}, {}, { step: 'issue-card', state: 'failed', code: 'upstream-rejected', upstreamCode: '400' }, {}],
    });
    const order = { id, who: 'operator@test', set: { '/card/clinicCode': '31016' } };
    const birth = { id, who: 'operator@test', set: { '/birth/child/fullName': 'Trần Minh Khác' } };
    await expect(ask(procedureSubjects.resume, birth)).rejects.toMatchObject({ code: 'wrong-state' });
    await ask(procedureSubjects.resume, order);
    await until(async () => (await stateOf(dossier)) === 'completed', withinMs);
    expect(await effects(dossier)).toEqual({ 'register-birth': 1, 'issue-child-card': 1 });
    await expect(ask(procedureSubjects.resume, order)).rejects.toMatchObject({ code: 'wrong-state' });
    expect(await told(id, 3)).toEqual(['transaction.succeeded', 'procedure.failed', 'procedure.completed']);
  },
  withinMs + 60_000,
);

it(
  'given up after the card was asked for, it cancels the card and leaves the birth registered, also when it is killed',
  async () => {
    const [dossier, linked] = ['H24.11-261101-0000104', 'G22.01.05-261120-000104'];
    // A guardian of this name makes a request that stays incomplete.
    const guardian = { fullName: 'Trần Văn Thiếu', identityNumber: '031088000017' };
    const id = await begin(dossier, linked, { card: { ...example.card, guardian } });
    const waits = async () => (await viewOf(dossier))?.steps[3]?.upstreamState === 'needs-supplement';
    await until(waits, withinMs);
    let restarted: Promise<void> | undefined;
    const watching = connection.nats.subscribe('lgsp.health-insurance.v1.cancel-card', {
      callback: () => void (restarted ??= bus.kill(system).then(() => bus.again(system))),
    });
    await ask(procedureSubjects.giveUp, { id, who: 'operator@test', reason: 'rút hồ sơ' });
    await until(async () => (await stateOf(dossier)) === 'given-up', withinMs);
    watching.unsubscribe();
    expect(restarted).toBeDefined();
    await restarted;
    expect(await effects(dossier)).toEqual({ 'register-birth': 1, 'issue-child-card': 1, 'cancel-card': 1 });
    expect(await seen(dossier)).toMatchObject({
      note: expect.stringContaining('offers no way back') as string,
      steps: [{ state: 'done' }, { state: 'done' }, { step: 'issue-card', state: 'undone' }, {}],
    });
  },
  withinMs + 60_000,
);

it('a dossier has one linked procedure, whatever the key, and no other with other contents', async () => {
  const [dossier, linked] = ['H24.11-261101-0000103', 'G22.01.05-261120-000103'];
  const again = (card: object, key: string) =>
    bus.call(
      'gateway',
      `${system}/register-birth-with-card`,
      { birth: { ...example.birth, interAgencyDossier: linked }, card },
      { ...headers(dossier), 'idempotency-key': key },
    );
  const same = await again({ ...example.card, clinicCode: '01016' }, 'another-key');
  const { id } = (await viewOf(dossier))!;
  expect({ status: same.status, ...(JSON.parse(same.text) as object) }).toEqual({
    status: 200,
    procedure: id,
    dossier,
    state: 'completed',
  });
  const other = await again({ ...example.card, clinicCode: '31099' }, 'a-third-key');
  expect({ status: other.status, upstream: (JSON.parse(other.text) as { upstream: object }).upstream }).toEqual({
    status: 422,
    upstream: { code: 'procedure-exists' },
  });
  expect(await effects(dossier)).toEqual({ 'register-birth': 1, 'issue-child-card': 1 });
}, 60_000);

it('a mistake in the birth is told under its path before anything is begun', async () => {
  const dossier = 'H24.11-261101-0000105';
  const { child: _child, ...birth } = example.birth;
  const input = { ...example, birth: { ...birth, nobody: 1 } };
  const answer = await bus.call('gateway', `${system}/register-birth-with-card`, input, {
    ...headers(dossier),
    'idempotency-key': 'mistaken',
  });
  const { code, errors } = JSON.parse(answer.text) as { code: string; errors: { path: string; rule: string }[] };
  expect({ code, errors: errors.map(({ path, rule }) => ({ path, rule })) }).toEqual({
    code: 'invalid-request',
    errors: [
      { path: '/birth/child', rule: 'required' },
      { path: '/birth/nobody', rule: 'unknown-field' },
    ],
  });
  expect(await seen(dossier)).toBeUndefined();
  expect(await effects(dossier)).toEqual({});
}, 60_000);
