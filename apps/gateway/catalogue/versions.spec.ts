import { setTimeout as pause } from 'node:timers/promises';
import { GatewayHarness, until, type Answer } from '../testing/gateway.harness';

/** Versions of an operation side by side: by one connector, and by two. */

const harness = new GatewayHarness();
/** How each connector is stopped, by its name. */
const stops = new Map<string, () => Promise<unknown>>();

interface Endpoint {
  operation: string;
  major: string;
  metadata?: Record<string, string>;
}

/** A connector that answers with its own version and that of the operation. */
async function offer(name: string, version: string, endpoints: readonly Endpoint[]): Promise<void> {
  const { nats } = await harness.nats.connect(name);
  const service = await nats.services.add({ name, version, queue: name });
  for (const [index, { operation, major, metadata }] of endpoints.entries()) {
    const subject = `lgsp.forms.${major}.${operation}`;
    const said = { version: `${major.slice(1)}.4.0`, ...metadata };
    service.addEndpoint(`${operation}-${index}`, {
      subject,
      metadata: said,
      handler: (_error, message) => void message.respond(JSON.stringify({ by: version, major, key: keyOf(message) })),
    });
  }
  await nats.flush();
  stops.set(name, () => service.stop());
}

const keyOf = (message: { headers?: { get(name: string): string } }): string | undefined =>
  message.headers?.get('Lgsp-Idempotency-Key') || undefined;

const stop = (name: string): Promise<unknown> => stops.get(name)!();
const call = (address: string, headers: Record<string, string> = {}, body: object = {}): Promise<Answer> =>
  harness.post(address, body, headers);
const listed = async (): Promise<{ status: string; operations: { operation: string; version: string }[] }> => {
  const { body } = await harness.fetch('/v1/services');
  const systems = body['systems'] as { system: string; status: string; operations: [] }[];
  return systems.find(({ system }) => system === 'forms')!;
};

const deprecated = { deprecatedSince: '2026-06-01', sunsetOn: '2999-01-01' };

beforeAll(async () => {
  await harness.start();
  await offer('forms', '2.4.0', [
    { operation: 'get-form', major: 'v1', metadata: deprecated },
    { operation: 'get-form', major: 'v2' },
    { operation: 'hand-in', major: 'v1', metadata: { kind: 'command' } },
    { operation: 'hand-in', major: 'v2', metadata: { kind: 'command' } },
    { operation: 'only-new', major: 'v2' },
  ]);
  await until(async () => (await call('/v1/forms/get-form')).status === 200);
});
afterAll(() => harness.stop());

it('each is called by its own address', async () => {
  expect((await call('/v1/forms/get-form')).body).toMatchObject({ major: 'v1' });
  expect((await call('/v2/forms/get-form')).body).toMatchObject({ major: 'v2' });
  expect((await call('/v2/forms/only-new')).body).toMatchObject({ major: 'v2' });
});

it('a version that is not offered is no operation, and the answer says which ones are', async () => {
  for (const [address, detail] of [
    ['/v1/forms/only-new', 'offered as v2'],
    ['/v3/forms/get-form', 'offered as v1, v2'],
  ] as const) {
    const { status, body } = await call(address);
    expect({ status, code: body['code'] }).toEqual({ status: 404, code: 'unknown-operation' });
    expect(body['detail']).toContain(detail);
  }
  expect((await call('/v01/forms/get-form')).status).toBe(404);
  expect((await harness.fetch('/v2/forms/get-form')).status).toBe(405);
});

it('the catalogue shows both, with the dates of the earlier one', async () => {
  const { status, operations } = await listed();
  expect(status).toBe('up');
  expect(operations.filter(({ operation }) => operation === 'get-form')).toMatchObject([
    { version: '1.4.0', ...deprecated },
    { version: '2.4.0' },
  ]);
});

it('every answer of a deprecated version says since when, until when, and what takes its place', async () => {
  const { headers } = await call('/v1/forms/get-form');
  // 2026-06-01 in Vietnam begins seven hours before it does in Greenwich.
  expect(headers.get('deprecation')).toBe('@1780246800');
  expect(headers.get('sunset')).toBe('Mon, 31 Dec 2998 17:00:00 GMT');
  expect(headers.get('link')).toBe(
    '</docs>; rel="deprecation"; type="text/html", </v2/forms/get-form>; rel="successor-version"',
  );
  const later = await call('/v2/forms/get-form');
  expect(['deprecation', 'sunset', 'link'].map((name) => later.headers.get(name))).toEqual([null, null, null]);
});

it('the document describes both, and says which one not to use any more', async () => {
  const { body } = await harness.fetch('/openapi.json');
  const paths = body['paths'] as Record<string, { post: Record<string, unknown> }>;
  const { post: earlier } = paths['/v1/forms/get-form']!;
  const { post: present } = paths['/v2/forms/get-form']!;
  expect(earlier).toMatchObject({ operationId: 'forms_getForm', deprecated: true, 'x-lgsp': deprecated });
  expect(earlier['description']).toContain('since 2026-06-01. Taken away on 2999-01-01.');
  const { headers } = (earlier['responses'] as Record<string, { headers: object }>)['200']!;
  expect(Object.keys(headers)).toEqual(expect.arrayContaining(['Deprecation', 'Sunset', 'Link']));
  expect(present['operationId']).toBe('forms_getForm_v2');
  expect(present).not.toHaveProperty('deprecated');
});

it('one idempotency key is not one command in two versions', async () => {
  const headers = { 'idempotency-key': 'k-1' };
  expect((await call('/v2/forms/hand-in', headers)).status).toBe(200);
  expect((await call('/v2/forms/hand-in', headers)).headers.get('idempotency-replayed')).toBe('true');
  expect((await call('/v1/forms/hand-in', headers)).body['code']).toBe('idempotency-key-reused');
});

it('two connectors offer a version each, and each alone is missed when it goes', async () => {
  await stop('forms');
  await offer('forms-old', '1.9.0', [{ operation: 'get-form', major: 'v1', metadata: deprecated }]);
  await offer('forms-new', '3.0.0', [{ operation: 'get-form', major: 'v3' }]);
  await until(async () => (await call('/v3/forms/get-form')).status === 200);
  await until(async () => (await call('/v1/forms/get-form')).body['by'] === '1.9.0');
  await until(async () => (await listed()).operations.length === 2, 10_000);
  expect((await listed()).status).toBe('up');

  await stop('forms-old');
  const { status, body } = await call('/v1/forms/get-form');
  expect({ status, code: body['code'] }).toEqual({ status: 503, code: 'connector-unavailable' });
  expect((await call('/v3/forms/get-form')).status).toBe(200);
}, 30_000);

it('what was promised until a day is unavailable, not unknown, also when a newer connector does not have it', async () => {
  await offer('forms-newest', '4.0.0', [{ operation: 'get-form', major: 'v4' }]);
  await until(async () => (await call('/v4/forms/get-form')).status === 200);
  expect((await call('/v1/forms/get-form')).body['code']).toBe('connector-unavailable');
});

it('whoever calls what has just come finds it, also beside others who do', async () => {
  await pause(1_100); // Nobody is asked twice in a second.
  await offer('forms-late', '5.0.0', [{ operation: 'just-come', major: 'v1' }]);
  const answers = await Promise.all(Array.from({ length: 5 }, () => call('/v1/forms/just-come')));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
});
