import type { ChildProcess } from 'node:child_process';
import { errorCodes, errorTable } from '#lgsp/errors';
import { startForeign } from '../testing/foreign';
import { GatewayHarness, until } from '../testing/gateway.harness';
import { validateOpenApi } from '../testing/openapi.validator';

/** What of the document does not depend on which connectors there are: also with one that describes itself badly. */

interface Operation {
  operationId: string;
  summary: string;
  description: string;
  deprecated?: boolean;
  security?: object[];
  parameters?: { name?: string; required?: boolean; $ref?: string }[];
  responses: Record<string, { $ref?: string }>;
}
interface Document {
  openapi: string;
  info: { title: string };
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, { properties?: Record<string, { enum?: string[] }> }>;
    responses: Record<string, { content: Record<string, { examples: Record<string, { value: object }> }> }>;
    securitySchemes: Record<string, { type: string }>;
  };
}

const harness = new GatewayHarness();
let foreign: ChildProcess;

beforeAll(async () => {
  await harness.start();
  foreign = await startForeign(harness);
  await offerHostile();
  await until(async () => '/v1/hostile/z' in (await read()).paths);
});
afterAll(async () => {
  foreign.kill('SIGKILL');
  await harness.stop();
});

/** A connector whose descriptions are wrong in every way that a description can be. */
async function offerHostile(): Promise<void> {
  const { nats } = await harness.nats.connect('hostile');
  const service = await nats.services.add({
    name: 'hostile',
    version: '1.0.0',
    metadata: { owner: '<script>x</script>' },
  });
  const deep = '['.repeat(20_000) + ']'.repeat(20_000);
  const described: Record<string, Record<string, string>> = {
    a: { input: '{', output: '5', example: 'x', kind: 'nonsense', timeoutMs: '-1', requires: '[', sensitivity: '?' },
    b: { input: deep, output: `{"items":${deep}}`, example: `{"input":${deep}}` },
    c: { input: '{"$id":"https://elsewhere.invalid/x","$ref":"https://elsewhere.invalid/y"}', output: 'true' },
    d: { input: '{"$ref":"#/$defs/None","properties":5,"type":7}', output: '{"$dynamicRef":"#x"}' },
    e: {
      example: '{"input":{"$ref":"https://elsewhere.invalid/z"},"output":[{"$id":1}]}',
      deprecatedSince: '2026-11-01',
    },
    'f-1': { kind: 'command', summary: 'does it', summaryVi: 'thực hiện', requires: 'officer' },
    z: { input: '{"type":"object","properties":{"a":{"$ref":"#/$defs/A"}},"$defs":{"A":{"type":"string"}}}' },
  };
  for (const [operation, metadata] of Object.entries(described)) {
    const handler = (): undefined => undefined;
    service.addEndpoint(operation, { subject: `lgsp.hostile.v1.${operation}`, metadata, handler });
  }
}

/** An operation of a connector, and no route of the gateway itself. */
const isOperation = (methods: Record<string, object>): boolean => 'x-lgsp' in (methods['post'] ?? {});

const isCallback = (methods: Record<string, object>): boolean => 'x-lgsp-callback' in (methods['post'] ?? {});

async function read(path = '/openapi.json', headers: Record<string, string> = {}): Promise<Document> {
  return (await harness.fetch(path, {}, { authorization: undefined, ...headers })).body as unknown as Document;
}

it.each(['en', 'vi'])(
  'is valid OpenAPI 3.1 in the language %s, whatever a connector says of itself',
  async (language) => {
    const document = await read(`/openapi.json?lang=${language}`);
    expect(await validateOpenApi(document)).toEqual({ valid: true, version: '3.1' });
    expect(JSON.stringify(document)).not.toContain('elsewhere.invalid');
  },
);

it('the validator tells a wrong document from a right one', async () => {
  const document = await read();
  const path = document.paths['/v1/hostile/z']!['post']! as unknown as Record<string, unknown>;
  const wrong = [
    { ...document, paths: { ...document.paths, 'no-slash': {} } },
    { ...document, paths: { '/x': { post: { ...path, requestBody: 5 } } } },
    { ...document, paths: { '/x': { post: { ...path, responses: { 200: { $ref: '#/components/none' } } } } } },
  ];
  for (const it of wrong) expect(await validateOpenApi(it)).toMatchObject({ valid: false });
});

it('has a path for each operation, with what it requires', async () => {
  const { paths, tags, components } = await read();
  const { body } = await harness.fetch('/v1/services');
  const systems = body['systems'] as { system: string; operations: { operation: string }[] }[];
  const offered = systems.flatMap(({ system, operations }) =>
    operations.map(({ operation }) => `/v1/${system}/${operation}`),
  );
  expect(
    Object.keys(paths)
      .filter((path) => isOperation(paths[path]!))
      .toSorted(),
  ).toEqual(offered.toSorted());
  const command = paths['/v1/hostile/f-1']!['post']!;
  const required = command.parameters!.filter((parameter) => parameter.required).map(({ name }) => name);
  expect(required).toEqual(['Idempotency-Key', 'Lgsp-Officer']);
  const query = paths['/v1/weather/need-officer']!['post']!;
  expect(query.parameters!.filter((parameter) => parameter.required).map(({ name }) => name)).toEqual([
    'Lgsp-Officer',
    'Lgsp-Dossier',
  ]);
  expect(paths['/v1/hostile/e']!['post']!.deprecated).toBe(true);
  expect(tags.map(({ name }) => name)).toEqual(['hostile', 'weather', 'lgsp']);
  expect(Object.values(components.securitySchemes).map(({ type }) => type)).toEqual(['oauth2', 'apiKey', 'http']);
  const ids = Object.values(paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));
  expect(new Set(ids).size).toBe(ids.length);
});

it('answers with every failure of the error table, each where it can happen', async () => {
  const { paths, components } = await read();
  const codesAt = (path: string): string[] =>
    Object.values(paths[path]!['post']!.responses).flatMap(({ $ref }) => {
      const response = components.responses[$ref?.split('/').at(-1) ?? ''];
      return Object.keys(response?.content['application/problem+json']!.examples ?? {});
    });
  const command = codesAt('/v1/hostile/f-1');
  expect(errorCodes.filter((code) => !command.includes(code))).toEqual([
    'unknown-transaction',
    'unknown-route',
    'method-not-allowed',
    'wrong-state',
  ]);
  expect(command.filter((code) => !codesAt('/v1/hostile/z').includes(code))).toEqual([
    'idempotency-key-required',
    'idempotency-key-in-progress',
    'cancelled',
    'idempotency-key-reused',
    'outcome-unknown',
  ]);
  expect(components.schemas['Problem']!.properties!['code']!.enum).toEqual(errorCodes);
  const rate = components.responses['query-429']!.content['application/problem+json']!.examples['rate-limited']!.value;
  const { fault, retry } = errorTable['rate-limited'];
  expect(rate).toMatchObject({ status: 429, code: 'rate-limited', fault, retry });
});

it('describes every route of the gateway, and no other', async () => {
  const { paths } = await read();
  const described = Object.entries(paths)
    .filter(([, methods]) => !isOperation(methods) && !isCallback(methods))
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
  const registered = harness.gateway.routes
    .all()
    .filter(({ url }) => !/\/:system\/:(operation|kind)$/.test(url) && !url.startsWith('/docs/'))
    .flatMap(({ url, methods }) =>
      methods.filter((method) => method !== 'HEAD').map((method) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`),
    );
  expect(described.toSorted()).toEqual(registered.toSorted());
});

it('has a path for each kind of callback, which needs no token and is not for clients', async () => {
  const { paths } = await read();
  const callback = paths['/v1/callbacks/weather/storm-warning']!['post']! as unknown as Record<string, unknown>;
  expect(callback).toMatchObject({
    security: [{}],
    description: expect.stringContaining('a word that both know'),
    requestBody: { content: { 'application/json': { example: { word: 'invented' } } } },
  });
  expect(Object.keys(callback['responses'] as object)).toEqual(
    expect.arrayContaining(['200', '403', '503', 'default']),
  );
});

it('speaks both languages, by the address or by what the browser prefers', async () => {
  const [english, vietnamese, preferred] = await Promise.all([
    read('/openapi.json?lang=en', { 'accept-language': 'vi' }),
    read('/openapi.json?lang=vi'),
    read('/openapi.json', { 'accept-language': 'vi-VN,vi;q=0.9' }),
  ]);
  const summaryOf = ({ paths }: Document): string => paths['/v1/hostile/f-1']!['post']!.summary;
  expect([english, vietnamese, preferred].map(summaryOf)).toEqual(['does it', 'thực hiện', 'thực hiện']);
  expect(vietnamese.info.title).toMatch(/Nền tảng/);
  expect(preferred).toEqual(vietnamese);
  // The same document in both, but for its words.
  expect(Object.keys(vietnamese.paths)).toEqual(Object.keys(english.paths));
});

it('is made anew when the catalogue changes, and only then', async () => {
  const ask = () => harness.fetch('/openapi.json?lang=vi', {}, { authorization: undefined });
  const first = await ask();
  const etag = first.headers.get('etag')!;
  expect((await ask()).headers.get('etag')).toBe(etag);
  const known = await fetch(`${harness.gateway.url}/openapi.json?lang=vi`, { headers: { 'if-none-match': etag } });
  expect({ status: known.status, body: await known.text() }).toEqual({ status: 304, body: '' });
  const later = await startForeign(harness, 'tides');
  await until(async () => (await ask()).headers.get('etag') !== etag);
  expect(Object.keys((await read()).paths)).toContain('/v1/tides/get-forecast');
  later.kill('SIGKILL');
});

it('a description that nests without end spoils neither the document nor the catalogue', async () => {
  expect((await harness.fetch('/v1/services')).status).toBe(200);
  expect(harness.logLines.join('')).toContain('lgsp.hostile.v1.b: input');
});
