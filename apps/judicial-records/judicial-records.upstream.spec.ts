import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { busHeaders } from '#lgsp/bus';
import { ConnectorHarness, type ContractStandIn } from '#lgsp/kit/testing';
import { JudicialRecordsCallbacks } from './judicial-records.callbacks.upstream';
import { JudicialRecordsConfig } from './judicial-records.config';
import { judicialRecords, JudicialRecordsAdapter } from './judicial-records.connector';
import { requestExample as request } from './judicial-records.examples';
import { JudicialRecordsUpstream } from './judicial-records.upstream';

const parts = {
  definition: judicialRecords,
  adapter: JudicialRecordsAdapter,
  providers: [JudicialRecordsUpstream, JudicialRecordsCallbacks],
  config: JudicialRecordsConfig,
};
const dossier = '000.00.11.H24-261102-0007';
const partner = {
  PartnerCodeCus: 'H24.11',
  AccessKey: 'khóa',
  AppName: 'lgsp',
  SecretKey: 'invented-secret',
  PartnerCode: 'H24',
};

/** An upstream that keeps what it is sent, and answers what the test says: for wire forms and odd answers. */
class RecordingUpstream implements ContractStandIn {
  readonly received: { path: string; headers: IncomingHttpHeaders; body: string }[] = [];
  answer: unknown = { STATUS: '1', DESCRIPTION: '' };
  token: unknown = { access_token: 'token-1', token_type: 'Bearer', expires_in: 3_600 };
  readonly effects = { list: () => [] };
  readonly aborted = 0;
  private readonly server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url!;
      this.received.push({ path, headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      const answer = path === '/oauth2/token' ? this.token : this.answer;
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });

  get requests(): number {
    return this.received.length;
  }

  get last() {
    return this.received.at(-1)!;
  }

  get env(): Record<string, string> {
    const { port } = this.server.address() as AddressInfo;
    const api = '/hotro/lltp/1.0/LLTP-API-';
    const paths = { token: '/oauth2/token', request: `${api}nhan`, status: `${api}tra`, changes: `${api}ds` };
    return {
      LGSP_JUDICIAL_RECORDS_BASE_URL: `http://127.0.0.1:${port}`,
      LGSP_JUDICIAL_RECORDS_CONSUMER_KEY: 'key',
      LGSP_JUDICIAL_RECORDS_CONSUMER_SECRET: 'invented',
      LGSP_JUDICIAL_RECORDS_PATHS: JSON.stringify({ ...paths, acknowledge: `${api}danhDau` }),
      LGSP_JUDICIAL_RECORDS_PARTNER: JSON.stringify(partner),
      LGSP_JUDICIAL_RECORDS_UNIT_ID: '117',
    };
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  setFault(): Promise<void> {
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

describe('the wire of the judicial-records system', () => {
  const upstream = new RecordingUpstream();
  const harness = new ConnectorHarness(parts, () => upstream.start());
  beforeAll(() => harness.start({ LGSP_UPSTREAM_ATTEMPTS_MAX: '1' }));
  afterAll(() => harness.stop());
  const ask = async (verb: string, input: unknown, answer: unknown) => {
    upstream.answer = answer;
    return harness.call(verb, input, { headers: { [busHeaders.dossier]: dossier } });
  };
  const sent = (): unknown => JSON.parse(upstream.last.body);

  it('asks for its token with Basic and a form, once', async () => {
    await ask('listChanged', {}, { STATUS: 1, LISTCONTENT: [] });
    await ask('listChanged', {}, { STATUS: 1, LISTCONTENT: [] });
    const [token, ...others] = upstream.received.filter(({ path }) => path === '/oauth2/token');
    expect(others).toEqual([]);
    expect(token).toMatchObject({
      body: 'grant_type=client_credentials',
      headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: 'Basic a2V5OmludmVudGVk' },
    });
  });

  it('sends the Bearer and beside it lgspaccesstoken, its fields in their order', async () => {
    await ask('listChanged', {}, { STATUS: '1', LISTCONTENT: [] });
    const { authorization, lgspaccesstoken } = upstream.last.headers;
    expect(authorization).toBe('Bearer token-1');
    expect(Buffer.from(String(lgspaccesstoken), 'base64').toString('utf8')).toBe(
      '{"AccessKey":"khóa","SecretKey":"invented-secret","AppName":"lgsp","PartnerCode":"H24","PartnerCodeCus":"H24.11"}',
    );
  });

  it('sends a declaration, and gives the id of its record', async () => {
    const { output } = await ask('requestCertificate', request, { STATUS: '1', DESCRIPTION: '', ID: 1234 });
    expect(output).toEqual({ receiptNumber: dossier, status: 'received', recordId: '1234' });
    expect(upstream.last).toMatchObject({ path: '/hotro/lltp/1.0/LLTP-API-nhan' });
    expect(sent()).toMatchObject({ idMinistryJustice: '117', idReceivedDec: dossier });
  });

  it('asks for a state by receipt number, or by appointment and document', async () => {
    const answer = { STATUS: '1', DEC_STATUS_ID: '4', APPROVE_DATE: null, ISSUE_DATE: '' };
    const { output } = await ask('getCertificateStatus', { dossier: 'H24.11-261102-0007' }, answer);
    expect(output).toEqual({ status: 'processing' });
    expect(sent()).toEqual({ idReceivedDec: 'H24.11-261102-0007', infoType: '2' });
    const direct = { dossier: 'PH-000123', channel: 'direct', documentNumber: '031900016' };
    await ask('getCertificateStatus', direct, answer);
    expect(sent()).toEqual({ idReceivedDec: 'PH-000123', infoType: '1', identifyNo: '031900016' });
  });

  it('reads the changed list, also as JSON within a string, and acknowledges by joined ids', async () => {
    const entry = {
      DECLARATION_ID: 'A1',
      DEC_STATUS_ID: 5,
      DEC_STATUS_NAME: 'Đã có phiếu',
      APPROVE_DATE: '01/10/2026',
    };
    const list = JSON.stringify([{ ...entry, RECEIVE_NO: 'H24.11-261102-0007', ISSUE_DATE: '02/10/2026' }]);
    const { output } = await ask('listChanged', {}, { STATUS: '1', LISTCONTENT: list });
    const change = { status: 'ready', approvedOn: '2026-10-01', issuedOn: '2026-10-02', recordId: 'A1' };
    expect(output).toEqual({ changes: [{ ...change, dossier: 'H24.11-261102-0007' }], more: false });
    expect(sent()).toEqual({ infoType: '2' });
    const direct = { STATUS: '1', LISTCONTENT: [{ ...entry, APPOINTMENT_NO: 'PH-000123' }] };
    const { output: other } = await ask('listChanged', { channel: 'direct' }, direct);
    expect(other).toMatchObject({ changes: [{ dossier: 'PH-000123' }] });
    expect(sent()).toEqual({ infoType: '1' });
    await ask('acknowledge', { recordIds: ['A1', 'B2'] }, { STATUS: '1' });
    expect(sent()).toEqual({ declarationId: 'A1;B2', infoType: '2' });
  });

  const status = { dossier: 'H24.11-261102-0007' };
  it.each<[string, string, unknown, unknown, string]>([
    ['no STATUS', 'getCertificateStatus', status, { DEC_STATUS_ID: 3 }, 'upstream-invalid'],
    ['a list', 'getCertificateStatus', status, [], 'upstream-invalid'],
    ['a sentence as STATUS', 'getCertificateStatus', status, { STATUS: 'Lỗi: 031900016' }, 'upstream-invalid'],
    ['an unknown state', 'getCertificateStatus', status, { STATUS: '1', DEC_STATUS_ID: 6 }, 'upstream-invalid'],
    ['no state', 'getCertificateStatus', status, { STATUS: '1' }, 'upstream-invalid'],
    [
      'a date of another form',
      'getCertificateStatus',
      status,
      { STATUS: '1', DEC_STATUS_ID: 5, ISSUE_DATE: '2026-10-02' },
      'upstream-invalid',
    ],
    ['that it is unknown', 'getCertificateStatus', status, { STATUS: 201 }, 'not-found'],
    ['that our access is wrong', 'getCertificateStatus', status, { STATUS: '100' }, 'upstream-fault'],
    ['that it failed', 'getCertificateStatus', status, { STATUS: -1 }, 'upstream-fault'],
    ['another STATUS', 'getCertificateStatus', status, { STATUS: '0' }, 'upstream-rejected'],
    ['no list', 'listChanged', {}, { STATUS: '1', LISTCONTENT: null }, 'upstream-invalid'],
    ['a broken list', 'listChanged', {}, { STATUS: '1', LISTCONTENT: '[{' }, 'upstream-invalid'],
    [
      'an entry without id',
      'listChanged',
      {},
      { STATUS: '1', LISTCONTENT: [{ DEC_STATUS_ID: 4 }] },
      'upstream-invalid',
    ],
    ['no ID', 'requestCertificate', request, { STATUS: '1', ID: '' }, 'outcome-unknown'],
  ])('that answers %s', async (_what, verb, input, answer, code) => {
    expect((await ask(verb, input, answer)).code).toBe(code);
  });

  it('says in its log that our access is wrong', () => {
    const line = harness.logLines.find((text) => text.includes('refuses our credentials'));
    expect(JSON.parse(line!)).toMatchObject({ level: 'error', status: '100' });
  });

  it('has put neither person, secret nor the upstream’s words into its log', async () => {
    const DESCRIPTION = 'Công dân Nguyễn Thị Mẫu đã có án tích';
    const { problem } = await ask('requestCertificate', request, { STATUS: '0', DESCRIPTION });
    expect(problem?.upstream).toEqual({ code: '0', message: DESCRIPTION });
    await ask('requestCertificate', request, { STATUS: '-1', DESCRIPTION });
    const log = harness.logLines.join('');
    for (const text of ['Nguyễn', 'án tích', '0900000016', 'Lỗi: 031900016', 'invented', 'token-1', '031190000016']) {
      expect(log).not.toContain(text);
    }
  });
});
