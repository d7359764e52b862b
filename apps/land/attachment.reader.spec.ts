import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { busHeaders } from '#lgsp/bus';
import { ConnectorHarness, type CallResult } from '#lgsp/kit/testing';
import { landStandIn } from '../sandbox/land/land.stand-in';
import { startStandIn } from '../sandbox/start.stand-in';
import { AttachmentReader } from './attachment.reader';
import { LandCallbacks } from './land.callbacks.upstream';
import { LandConfig } from './land.config';
import { land, LandAdapter } from './land.connector';
import { LandUpstream } from './land.upstream';

const parts = {
  definition: land,
  adapter: LandAdapter,
  providers: [LandUpstream, AttachmentReader, LandCallbacks],
  config: LandConfig,
};
const { input } = land.operations.submitDossier.example;
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const deed = Buffer.from('một giấy chứng nhận');
const bytesMax = 2_000;

/** The one-stop software's server of files, well and ill. */
const pages: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  '/deed.pdf?version=2': (_request, response) => void response.end(deed),
  '/maintenance': (_request, response) => void response.end('<html>Bảo trì</html>'),
  '/moved': (_request, response) => void response.writeHead(302, { location: '/deed.pdf?version=2' }).end(),
  '/broken': (_request, response) => void response.writeHead(500).end(),
  '/hang': () => undefined,
  '/large': (_request, response) => void response.end(Buffer.alloc(bytesMax + 1)),
  '/huge': (_request, response) => void response.end(Buffer.alloc(5_000)),
};

describe('attachments', () => {
  const files = createServer((request, response) => {
    const page = pages[request.url!];
    if (page) page(request, response);
    else response.writeHead(404).end();
  });
  const harness = new ConnectorHarness(parts, () => startStandIn(landStandIn));
  let base = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(files.address() as AddressInfo).port}`;
    await harness.start({
      LGSP_LAND_ATTACHMENT_ORIGINS: `${base}/tep`,
      LGSP_LAND_ATTACHMENT_BYTES_MAX: String(bytesMax),
      LGSP_LAND_ATTACHMENTS_BYTES_MAX: '3000',
      LGSP_UPSTREAM_ANSWER_BYTES_MAX: '4000',
    });
  });
  afterAll(async () => {
    await harness.stop();
    files.closeAllConnections();
    files.close();
  });

  let serial = 0;
  const attach = async (attachments: object[], timeoutMs?: number): Promise<CallResult & { effects: number }> => {
    const before = harness.effectCount();
    const named = attachments.map((attachment) => ({ name: 'Giấy chứng nhận', fileName: 'gcn.pdf', ...attachment }));
    const headers = { [busHeaders.dossier]: `H24.11-261127-${String(++serial).padStart(4, '0')}` };
    const result = await harness.call('submitDossier', { ...input, attachments: named }, { headers, timeoutMs });
    return { ...result, effects: harness.effectCount() - before };
  };
  const linked = (path: string, bytes = deed): object => ({ link: `${base}${path}`, sha256: sha256(bytes) });

  it('are fetched from where a link points, and proven by their hash', async () => {
    const { output, effects } = await attach([linked('/deed.pdf?version=2')]);
    expect({ output, effects }).toMatchObject({
      output: { attachments: [{ fileName: 'gcn.pdf', sizeBytes: deed.length, sha256: sha256(deed) }] },
      effects: 1,
    });
  });

  it.each([
    ['neither file nor link', () => ({}), '/attachments/0', 'attachment-source'],
    ['both', () => ({ ...linked('/deed.pdf?version=2'), content: 'YQ==' }), '/attachments/0', 'attachment-source'],
    ['a link without a hash', () => ({ link: `${base}/deed.pdf?version=2` }), '/attachments/0/sha256', 'required'],
    ['a file that is another one', () => linked('/maintenance'), '/attachments/0/sha256', 'attachment-hash'],
    [
      'a hash that is not of its content',
      () => ({ content: 'YQ==', sha256: sha256(deed) }),
      '/attachments/0/sha256',
      'attachment-hash',
    ],
    ['a link to nothing', () => linked('/none'), '/attachments/0/link', 'attachment-link'],
    ['a link that leads elsewhere', () => linked('/moved'), '/attachments/0/link', 'attachment-link'],
    ['too large a file', () => linked('/large', Buffer.alloc(bytesMax + 1)), '/attachments/0', 'attachment-size'],
    [
      'too large a content',
      () => ({ content: Buffer.alloc(bytesMax + 1).toString('base64') }),
      '/attachments/0',
      'attachment-size',
    ],
    [
      'an origin that nobody allowed',
      () => ({ link: 'http://127.0.0.1:1/x', sha256: sha256(deed) }),
      '/attachments/0/link',
      'attachment-origin',
    ],
    [
      'credentials in a link',
      () => ({ link: base.replace('//', '//user:word@') + '/deed.pdf?version=2', sha256: sha256(deed) }),
      '/attachments/0/link',
      'attachment-origin',
    ],
    ['no web address', () => ({ link: 'file:///etc/passwd', sha256: sha256(deed) }), '/attachments/0/link', 'is-url'],
    ['no base64', () => ({ content: '%%%' }), '/attachments/0/content', 'is-base64'],
  ])('with %s are refused by path, and nothing is sent', async (_what, attachment, path, rule) => {
    const { code, problem, effects } = await attach([attachment()]);
    expect({ code, error: problem?.errors?.[0], effects }).toMatchObject({
      code: 'invalid-request',
      error: { path, rule },
      effects: 0,
    });
  });

  it('are limited together too', async () => {
    const content = Buffer.alloc(1_500).toString('base64');
    const { problem, effects } = await attach([{ content }, { content }, { content }]);
    expect({ error: problem?.errors?.[0], effects }).toMatchObject({
      error: { path: '/attachments', rule: 'attachment-size', message: 'must have at most 3000 bytes' },
      effects: 0,
    });
  });

  it.each([
    ['fails', '/broken', 'upstream-fault'],
    ['sends more than is read', '/huge', 'upstream-invalid'],
    ['is silent', '/hang', 'upstream-timeout'],
  ])('whose server %s are a plain failure: nothing was sent', async (_what, path, expected) => {
    const { code, effects } = await attach([linked(path)], 1_000);
    expect({ code, effects }).toEqual({ code: expected, effects: 0 });
  });
});

it('no link is followed where no origin is allowed', async () => {
  const harness = new ConnectorHarness(parts, () => startStandIn(landStandIn));
  await harness.start();
  const attachments = [
    { name: 'x', fileName: 'x', link: harness.standIn.env['LGSP_LAND_BASE_URL']!, sha256: sha256(deed) },
  ];
  const { problem } = await harness.call('submitDossier', { ...input, attachments });
  expect(problem?.errors).toMatchObject([{ path: '/attachments/0/link', rule: 'attachment-origin' }]);
  await harness.stop();
});
