import { connect } from 'node:net';
import { GatewayHarness } from '../testing/gateway.harness';

const harness = new GatewayHarness();

beforeAll(() => harness.start());
afterAll(() => harness.stop());

/** What comes back until the gateway closes the connection. */
function answerTo(text: string): Promise<string> {
  const { port, hostname } = new URL(harness.gateway.url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.on('data', (data) => (answer += data.toString('utf8')));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

it.each([
  ['no host', 'GET /healthz HTTP/1.1\r\n\r\n', 'the header Host is missing'],
  [
    'an expectation that nobody knows',
    'POST /v1/population/verify-citizen HTTP/1.1\r\nHost: a\r\nExpect: banana\r\nContent-Length: 2\r\n\r\n{}',
    'of the header Expect only 100-continue is known',
  ],
  ['a wish for a tunnel', 'CONNECT x:80 HTTP/1.1\r\nHost: x:80\r\n\r\n', 'the gateway makes no tunnels (CONNECT)'],
])('a request with %s is refused as any other, once', async (_what, request, detail) => {
  const [head, body] = (await answerTo(request)).split('\r\n\r\n', 2) as [string, string];
  expect(head).toMatch(/^HTTP\/1\.1 400 .*\r\n/);
  expect(head.toLowerCase()).toContain('content-type: application/problem+json');
  const json = body.slice(body.indexOf('{'), body.lastIndexOf('}') + 1);
  const problem = JSON.parse(json) as Record<string, unknown>;
  expect([problem['code'], problem['detail']]).toEqual(['malformed-request', detail]);
});

it('a request without a host is fine in HTTP 1.0, where there is none', async () => {
  expect(await answerTo('GET /healthz HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /);
});

it('a request whose headers do not come is refused within seconds after its time', async () => {
  const startedAt = Date.now();
  expect(await answerTo('GET /healthz HTTP/1.1\r\nHost: a\r\n')).toMatch(/^HTTP\/1\.1 408 /);
  expect(Date.now() - startedAt).toBeLessThan(15_000);
}, 30_000);
