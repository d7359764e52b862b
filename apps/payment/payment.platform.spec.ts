import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConnectorHarness } from '#lgsp/kit/testing';
import { sign, type Message } from '../sandbox/payment/payment.proof';
import { paymentStandInWith } from '../sandbox/payment/payment.stand-in';
import { SandboxClock } from '../sandbox/sandbox.clock';
import type { StandIn } from '../sandbox/stand-in';
import { startStandIn } from '../sandbox/start.stand-in';
import { PaymentConfig } from './payment.config';
import { payment, PaymentAdapter } from './payment.connector';
import { PaymentCallbacks } from './payment.callbacks.upstream';
import { PaymentUpstream } from './payment.upstream';
import { proofOf, timeOf, type ProvableMessage } from './payment.upstream.form';

const parts = {
  definition: payment,
  adapter: PaymentAdapter,
  providers: [PaymentUpstream, PaymentCallbacks],
  config: PaymentConfig,
};
const { createPayment, getPaymentStatus, getReceipt } = payment.operations;
const secret = 'bi-mat-thu-nghiem';

const listen = (server: Server): Promise<string> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });

/** A platform that answers what a test tells it to: for what the sandbox never says. */
class ScriptedPlatform {
  requests = 0;
  readonly aborted = 0;
  readonly effects = { list: () => [] };
  env: Record<string, string> = {};
  reply: { type: string; body: string | Buffer } = { type: 'application/json', body: '{}' };
  private readonly server = createServer((_request, response) => {
    this.requests++;
    response.writeHead(200, { 'content-type': this.reply.type }).end(this.reply.body);
  });

  async start(): Promise<this> {
    this.env = {
      LGSP_PAYMENT_BASE_URL: await listen(this.server),
      LGSP_PAYMENT_PARTNER_CODE: 'HAIPHONG',
      LGSP_PAYMENT_SECRET: secret,
    };
    return this;
  }

  json(body: object): void {
    this.reply = { type: 'application/json', body: JSON.stringify(body) };
  }

  setFault(): Promise<void> {
    return Promise.reject(new Error('a scripted platform has no faults'));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

describe('payment: what the platform may answer', () => {
  const platform = new ScriptedPlatform();
  const harness = new ConnectorHarness(parts, () => platform.start());
  beforeAll(() => harness.start());
  afterAll(() => harness.stop());

  const opened = (url: string) => ({ error_code: '0', message: JSON.stringify({ UrlThanhToan: url }) });
  const { reference } = getPaymentStatus.example.input;

  it.each([
    ['the address within the message', opened('https://thanhtoan.example.vn/x'), 'ok'],
    ['a refusal', { error_code: '03', message: 'Sai SoTien' }, 'upstream-rejected'],
    ['that our proof is wrong', { error_code: '97', message: 'Sai mã xác thực' }, 'upstream-fault'],
    ['that it failed', { error_code: '99', message: 'Các lỗi khác' }, 'upstream-fault'],
    ['no code', { message: JSON.stringify({ UrlThanhToan: 'https://x.vn' }) }, 'outcome-unknown'],
    ['a message that is no JSON', { error_code: '0', message: 'OK' }, 'outcome-unknown'],
    ['a message without the address', { error_code: '0', message: '{}' }, 'outcome-unknown'],
    ['an address that is no web page', opened('javascript:alert(1)'), 'outcome-unknown'],
    ['a list', [], 'outcome-unknown'],
  ])('a new payment is answered %s', async (_what, reply, expected) => {
    platform.json(reply);
    const { code } = await harness.call('createPayment', createPayment.example.input);
    expect(code).toBe(expected);
  });

  it.each([
    ['paid', { MaLoi: '00', TrangThaiGD: '1' }, 'ok'],
    ['paid, in numbers', { MaLoi: '00', TrangThaiGD: 1, SoTien: '8000' }, 'ok'],
    ['of a state that nobody knows', { MaLoi: '00', TrangThaiGD: '2' }, 'upstream-invalid'],
    ['of no state', { MaLoi: '00' }, 'upstream-invalid'],
    ['of no code', { TrangThaiGD: '1' }, 'upstream-invalid'],
    ['about another payment', { MaLoi: '00', TrangThaiGD: '1', MaThamChieu: 'dvcKhac' }, 'upstream-invalid'],
    ['with an amount in words', { MaLoi: '00', TrangThaiGD: '1', SoTien: 'tám nghìn' }, 'upstream-invalid'],
    ['paid on no day', { MaLoi: '00', TrangThaiGD: '1', ThoiGianGD: '20261301000000' }, 'upstream-invalid'],
    ['unknown', { MaLoi: '01', MoTaLoi: 'Không tìm thấy' }, 'not-found'],
    ['refused', { MaLoi: '05', MoTaLoi: 'Không được phép' }, 'upstream-rejected'],
    ['failing', { MaLoi: '99', MoTaLoi: 'Các lỗi khác' }, 'upstream-fault'],
  ])('a status is %s', async (_what, reply, expected) => {
    platform.json(reply);
    const { code } = await harness.call('getPaymentStatus', { reference });
    expect(code).toBe(expected);
  });

  it.each([
    ['a PDF', 'application/pdf', '%PDF-1.4\n', 'ok'],
    ['a PDF without its type', 'application/octet-stream', '%PDF-1.4\n', 'ok'],
    ['something else by the name of PDF', 'application/pdf', '<html>', 'upstream-invalid'],
    ['an empty file', 'application/pdf', '', 'upstream-invalid'],
    ['more than fits', 'application/pdf', `%PDF-1.4\n${'x'.repeat(700_000)}`, 'upstream-invalid'],
    ['success without a file', 'application/json', '{"MaLoi":"00"}', 'upstream-invalid'],
    ['a refusal in the other form', 'application/json', '{"error_code":"02","message":"chưa"}', 'upstream-rejected'],
  ])('a receipt is answered with %s', async (_what, type, body, expected) => {
    platform.reply = { type, body };
    const { code } = await harness.call('getReceipt', getReceipt.example.input);
    expect(code).toBe(expected);
  });

  it('asks no façade for a token when it has no consumer key', async () => {
    platform.json({ MaLoi: '00', TrangThaiGD: '3' });
    const before = platform.requests;
    await harness.call('getPaymentStatus', { reference });
    expect(platform.requests - before).toBe(1);
  });

  it('hands the words of the platform to the caller and to no log', async () => {
    platform.json({ error_code: '03', message: 'Sai họ tên Nguyễn Thị Mẫu' });
    const { problem } = await harness.call('createPayment', createPayment.example.input);
    expect(problem?.upstream).toEqual({ code: '03', message: 'Sai họ tên Nguyễn Thị Mẫu' });
    const log = harness.logLines.join('');
    expect(log).toContain('upstream-rejected');
    for (const secretText of ['Mẫu', '0310000000016', '031190000016', secret]) expect(log).not.toContain(secretText);
  });
});

describe('payment: the stand-in is as strict as the platform', () => {
  let standIn: StandIn;
  beforeAll(async () => {
    standIn = await startStandIn(paymentStandInWith({ bearer: false }));
  });
  afterAll(() => standIn.stop());

  const texts = (names: string): Message => Object.fromEntries(names.split(' ').map((name) => [name, 'x']));
  const receipt: Message = {
    ...texts('MaDichVu TenTTHC TenDVC MaDonVi TenDonVi MaHoSo TKThuHuong TenTKThuHuong MaNHThuHuong'),
    ...texts('HoTenNguoiNop SoCMNDNguoiNop DiaChiNguoiNop NoiDungThanhToan'),
    MaTTHC: '2.000635',
    MaDVC: '2.000635.01',
    DSKhoanNop: [{ NoiDung: 'x', SoTien: '8000' }],
    PhiLePhi: [{ LoaiPhiLePhi: 'Phi', MaPhiLePhi: '1', TenPhiLePhi: 'x', SoTien: '8000' }],
  };
  const whole = (): Message => ({
    ...texts('PhienBan LoaiHinhThanhToan MaKenhThanhToan MaThietBi NgonNgu MaNganHang ThongTinGiaoDich Ip'),
    LoaiBanTin: 'INIT',
    MaDoiTac: 'HAIPHONG',
    MaThamChieu: 'dvcThuNghiem0001',
    SoTien: '8000',
    MaTienTe: 'VND',
    ThoiGianGD: timeOf(new Date()),
    ThongTinBienLai: receipt,
  });
  const twelveHoursOff = (): string => timeOf(new Date(Date.now() - 12 * 3_600_000));

  async function send(message: Message, proven: Message = message): Promise<{ error_code: string; message: string }> {
    const MaXacThuc = sign('INIT', proven, standIn.env['LGSP_PAYMENT_SECRET']!);
    const response = await fetch(`${standIn.baseUrl}/paymentPlatform/1.0/init`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...message, MaXacThuc }),
    });
    return (await response.json()) as { error_code: string; message: string };
  }

  it('takes a whole message, and counts a reference that comes twice', async () => {
    const replies = [await send(whole()), await send(whole())];
    expect(replies.map(({ error_code }) => error_code)).toEqual(['0', '0']);
    expect(standIn.effects.count('create-payment', 'dvcThuNghiem0001')).toBe(2);
  });

  it('sees that a field was changed after it was proven', async () => {
    expect(await send({ ...whole(), SoTien: '1' }, whole())).toMatchObject({ error_code: '97' });
  });

  it.each([
    ['ThoiGianGD', () => ({ ThoiGianGD: twelveHoursOff() })],
    ['MaThamChieu', () => ({ MaThamChieu: 'd'.repeat(51) })],
    ['SoTien', () => ({ SoTien: 8000 })],
    ['MaDVC', () => ({ ThongTinBienLai: { ...receipt, MaDVC: '2.000635' } })],
    ['TenTTHC', () => ({ ThongTinBienLai: { ...receipt, TenTTHC: 'x'.repeat(201) } })],
    ['DSKhoanNop', () => ({ ThongTinBienLai: { ...receipt, DSKhoanNop: [] } })],
    ['HoTenNguoiNop', () => ({ ThongTinBienLai: { ...receipt, HoTenNguoiNop: '' } })],
  ])('refuses a wrong %s and names it', async (field, change) => {
    expect(await send({ ...whole(), ...change() })).toEqual({
      error_code: '03',
      message: `Dữ liệu không hợp lệ: ${field}`,
    });
  });
});

describe('payment: confirmations of the stand-in', () => {
  const received: Message[] = [];
  const receiver = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => (text += part));
    request.on('end', () => {
      received.push(JSON.parse(text) as Message);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"MaLoi":"00"}');
    });
  });
  const clock = new SandboxClock(20_000);
  const harness = new ConnectorHarness(parts, async () =>
    startStandIn(paymentStandInWith({ bearer: false }), { clock, callbackUrl: await listen(receiver) }),
  );
  beforeAll(() => harness.start());
  afterAll(async () => {
    await harness.stop();
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
  });
  beforeEach(() => received.splice(0));

  const until = async (count: number): Promise<void> => {
    const deadline = Date.now() + 5_000;
    while (received.length < count && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
  };

  it('come when the payer has paid, proven so that the connector can check them', async () => {
    const { output } = await harness.call('createPayment', createPayment.example.input);
    clock.advance(20_000);
    await until(1);
    const [{ MaXacThuc, ...message }] = received as [ProvableMessage];
    expect(message).toMatchObject({ MaLoi: '00', MaThamChieu: output!['reference'], SoTien: 8_000 });
    expect(MaXacThuc).toBe(proofOf('confirmation', message, harness.standIn.env['LGSP_PAYMENT_SECRET']!));
  });

  it('come several times under the fault duplicate-callbacks, and with another code when it failed', async () => {
    await harness.standIn.setFault({ kind: 'duplicate-callbacks' });
    const fees = [{ ...createPayment.example.input.fees[0]!, amount: 10_004 }];
    await harness.call('createPayment', { ...createPayment.example.input, fees });
    clock.advance(20_000);
    await until(5);
    expect(received.map(({ MaLoi }) => MaLoi)).toEqual(['99', '99', '99', '99', '99']);
    expect(new Set(received.map(({ MaThamChieu }) => MaThamChieu)).size).toBe(1);
  });
});
