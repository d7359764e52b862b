import type { ChildProcess } from 'node:child_process';
import { startForeign } from '../testing/foreign';
import { GatewayHarness } from '../testing/gateway.harness';

const harness = new GatewayHarness();
let foreign: ChildProcess;

beforeAll(async () => {
  await harness.start({ LGSP_BODY_BYTES_MAX: '10000' });
  foreign = await startForeign(harness);
});
afterAll(async () => {
  foreign.kill('SIGKILL');
  await harness.stop();
});

describe('HTTP', () => {
  it.each([
    ['GET', '/v1/weather/get-forecast', 405, 'method-not-allowed'],
    ['PUT', '/v1/weather/get-forecast', 405, 'method-not-allowed'],
    ['POST', '/v1/services', 405, 'method-not-allowed'],
    ['PROPFIND', '/healthz', 405, 'method-not-allowed'],
    ['GET', '/nothing/here', 404, 'unknown-route'],
    ['POST', '/v1/weather/nothing', 404, 'unknown-operation'],
    ['POST', '/v1/nothing/get-forecast', 404, 'unknown-operation'],
    ['POST', '/v1/..%2f..%2fetc/passwd', 404, 'unknown-operation'],
    ['POST', '/v1/weather/%00', 404, 'unknown-operation'],
    ['POST', '/v1/weather/%zz', 404, 'unknown-route'],
    ['POST', `/v1/weather/${'a'.repeat(500)}`, 404, 'unknown-route'],
  ])('%s %s → %i %s', async (method, path, status, code) => {
    const answer = await harness.fetch(path, { method });
    expect({ status: answer.status, code: answer.body['code'] }).toEqual({ status, code });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    if (status === 405) expect(answer.headers.get('allow')).toMatch(/GET|POST/);
  });

  it.each([
    ['another type', { 'content-type': 'text/plain' }, 'x', 415, 'unsupported-media-type'],
    ['a compressed body', { 'content-encoding': 'gzip' }, '{}', 415, 'unsupported-media-type'],
    ['a body that is too large', {}, JSON.stringify('x'.repeat(20_000)), 413, 'body-too-large'],
  ])('refuses %s', async (_name, headers, body, status, code) => {
    const answer = await harness.fetch('/v1/weather/get-forecast', { method: 'POST', body }, headers);
    expect({ status: answer.status, code: answer.body['code'] }).toEqual({ status, code });
  });

  it.each([
    ['what is not HTTP', 'hello\r\n\r\n', '400', 'malformed-request'],
    [
      'headers without end',
      `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`,
      '431',
      'headers-too-large',
    ],
    [
      'two lengths',
      'POST /v1/weather/get-forecast HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}',
      '400',
      'malformed-request',
    ],
    [
      'length and chunks',
      'POST /v1/a/b HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      '400',
      'malformed-request',
    ],
  ])('answers %s with a problem', async (_name, bytes, status, code) => {
    const answer = await harness.raw(bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain('Content-Type: application/problem+json');
    expect(answer).toContain(`"code":"${code}"`);
  });
});
