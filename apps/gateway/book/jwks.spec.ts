import { openEvidenceKeys } from '#lgsp/recorder';
import { readKeySet, type RecorderPublicKey } from '#lgsp/records';
import { GatewayHarness, until } from '../testing/gateway.harness';

const harness = new GatewayHarness();
beforeAll(() => harness.start());
afterAll(() => harness.stop());

const keyOf = (recorder: string, x = 'A'.repeat(43)): RecorderPublicKey => ({
  kid: recorder,
  recorder,
  from: 1_795_000_000_000,
  jwk: { kty: 'OKP', crv: 'Ed25519', x },
});

const published = async () => readKeySet(JSON.stringify((await harness.fetch('/.well-known/jwks.json')).body));

describe('the published keys', () => {
  it('hold the keys of tokens, and those of every recorder, told apart', async () => {
    const { body, headers } = await harness.fetch('/.well-known/jwks.json');
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    const keys = body['keys'] as Record<string, string>[];
    expect(keys.filter(({ lgsp_use: use }) => use === undefined)).toHaveLength(1);
    const own = keys.filter(({ lgsp_use: use }) => use === 'evidence');
    expect(own).toHaveLength(1);
    expect(own[0]).toMatchObject({ use: 'sig', alg: 'EdDSA', kid: own[0]!['lgsp_recorder'] });
    expect(own[0]!['kid']).toMatch(/^gateway-[0-9a-f]{8}$/);
  });

  it('grow with every recorder, and keep those that somebody replaces or takes out', async () => {
    const store = await openEvidenceKeys(await harness.nats.connect('operator'));
    await store.put('gateway-00000001', keyOf('gateway-00000001'));
    await until(async () => (await published()).has('gateway-00000001'));
    await store.put('gateway-00000001', keyOf('gateway-00000001', 'B'.repeat(42) + 'A'));
    await store.delete('gateway-00000001');
    await store.put('gateway-00000002', keyOf('gateway-00000002'));
    await until(async () => (await published()).has('gateway-00000002'));
    expect((await published()).get('gateway-00000001')).toMatchObject({ x: 'A'.repeat(43) });
    const said = harness.logLines.filter((line) => line.includes('gateway-00000001'));
    expect(said.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      'the public key of a recorder was replaced: the first one stays published',
      'the public key of a recorder was taken out: it stays published',
    ]);
  });

  it('are not sent again to whoever has them, and cost a token nothing when there are thousands', async () => {
    const store = await openEvidenceKeys(await harness.nats.connect('operator'));
    for (let nth = 0; nth < 3_000; nth++) {
      const name = `gateway-1${String(nth).padStart(7, '0')}`;
      await store.put(name, keyOf(name));
    }
    await until(async () => (await published()).size > 3_000);
    const { headers } = await harness.fetch('/.well-known/jwks.json');
    const etag = headers.get('etag')!;
    expect(await harness.fetch('/.well-known/jwks.json', {}, { 'if-none-match': etag })).toMatchObject({ status: 304 });
    const form = 'grant_type=client_credentials&client_id=tester&client_secret=' + harness.secret;
    const headersOfForm = { 'content-type': 'application/x-www-form-urlencoded', authorization: undefined };
    const tokens = await Promise.all(
      Array.from({ length: 20 }, () => harness.fetch('/token', { method: 'POST', body: form }, headersOfForm)),
    );
    expect(tokens.map(({ status }) => status)).toEqual(tokens.map(() => 200));
  });
});
