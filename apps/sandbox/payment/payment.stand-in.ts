import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CallbackSender } from '../callback.sender';
import { defineStandIn, type StandInContext, type StandInDefinition } from '../stand-in';
import { Wso2Tokens } from '../wso2.tokens';
import { bank, PaymentBook, type PaymentRecord } from './payment.book';
import { confirmationOf, type ConfirmationTarget } from './payment.callbacks';
import { faultyField } from './payment.form';
import { sign, type Message, type MessageType } from './payment.proof';
import { receiptPdf } from './receipt.pdf';

const prefix = '/paymentPlatform/1.0';
const partnerCode = 'HAIPHONG';
const consumerKey = 'lgsp-haiphong';

/** Codes of the platform; only 00 and 99 are known from practice. */
const codes = { ok: '00', notFound: '01', unpaid: '02', invalid: '03', proof: '97', fault: '99' };

export interface PaymentStandInOptions {
  /** Whether a façade that wants a Bearer token stands before the platform. */
  bearer?: boolean;
}

interface Platform {
  context: StandInContext;
  book: PaymentBook;
  tokens: Wso2Tokens;
  callbacks?: { sender: CallbackSender; target: ConfirmationTarget };
}

/** The payment platform of the national portal: JSON proven by a hash, JSON within JSON, receipts as PDF. */
export function paymentStandInWith({ bearer = true }: PaymentStandInOptions = {}): StandInDefinition {
  /** What outlives the listener, which the fault `down` stops: one per running stand-in. */
  const kept = new WeakMap<object, Pick<Platform, 'book' | 'tokens'>>();
  return defineStandIn({
    system: 'payment',
    contentType: 'application/json',
    faultDocument: {
      status: 500,
      contentType: 'application/json',
      body: JSON.stringify({
        fault: { code: 101503, message: 'Runtime Error', description: 'Error connecting to the back end' },
      }),
    },
    env: ({ baseUrl, secret }) => ({
      LGSP_PAYMENT_BASE_URL: baseUrl,
      LGSP_PAYMENT_PARTNER_CODE: partnerCode,
      LGSP_PAYMENT_SECRET: secret('secret'),
      ...(bearer
        ? { LGSP_PAYMENT_CONSUMER_KEY: consumerKey, LGSP_PAYMENT_CONSUMER_SECRET: secret('consumer-secret') }
        : {}),
    }),
    routes(app, context) {
      const own = kept.get(context.effects) ?? {
        book: new PaymentBook(context.clock),
        tokens: new Wso2Tokens(context, consumerKey),
      };
      kept.set(context.effects, own);
      const platform: Platform = { context, ...own, callbacks: callbacksOf(context) };
      app.addHook('onClose', async () => platform.callbacks?.sender.stop());
      if (bearer) bearerRoutes(app, platform);
      platformRoutes(app, platform);
    },
  });
}

export const paymentStandIn = paymentStandInWith();

function callbacksOf({ secret, fault, callbackUrl }: StandInContext): Platform['callbacks'] {
  if (callbackUrl === undefined) return undefined;
  const isTaken = async (response: Response): Promise<boolean> =>
    (Object(await response.json()) as Message)['MaLoi'] === codes.ok;
  const target = { url: `${callbackUrl}/confirm`, partnerCode, secret: secret('secret') };
  return { sender: new CallbackSender({ fault, isTaken }), target };
}

function bearerRoutes(app: FastifyInstance, { tokens }: Platform): void {
  app.post('/token', (request, reply) => tokens.issue(request, reply));
  app.addHook('preHandler', async (request, reply) => {
    const refusal = request.url.startsWith(prefix) ? tokens.refusal(request) : undefined;
    if (refusal) await reply.code(401).send(refusal);
  });
}

function platformRoutes(app: FastifyInstance, platform: Platform): void {
  const { book, context } = platform;
  app.post(`${prefix}/init`, (request, reply) => {
    const message = read(request);
    if (!proven('INIT', message, context)) return reply.send(initError(codes.proof, 'Sai mã xác thực'));
    const faulty = faultyField(message);
    if (faulty) return reply.send(initError(codes.invalid, `Dữ liệu không hợp lệ: ${faulty}`));
    const record = open(message, platform);
    const answer = {
      MaThamChieu: record.reference,
      UrlThanhToan: `${context.baseUrl}/thanh-toan/${record.reference}`,
    };
    return reply.send({ error_code: '0', message: JSON.stringify(answer) });
  });
  app.post(`${prefix}/query`, (request, reply) => {
    const message = read(request);
    if (!proven('QUERY', message, context)) return reply.send(error(codes.proof, 'Sai mã xác thực'));
    const record = book.find(String(message['MaThamChieu']));
    return reply.send(record ? status(record, book) : error(codes.notFound, 'Không tìm thấy giao dịch'));
  });
  app.post(`${prefix}/getBill`, (request, reply) => {
    const message = read(request);
    if (!proven('GET_BILL', message, context)) return reply.send(error(codes.proof, 'Sai mã xác thực'));
    return sendReceipt(reply, book.find(String(message['MaThamChieu'])), book);
  });
  app.get<{ Params: { reference: string } }>('/thanh-toan/:reference', (request, reply) => {
    const record = book.find(request.params.reference);
    const words = { '1': 'đã thanh toán', '3': 'chờ thanh toán', '4': 'thất bại' };
    const text = record ? words[book.stateOf(record)] : 'không tìm thấy giao dịch';
    return reply
      .code(record ? 200 : 404)
      .type('text/plain; charset=utf-8')
      .send(`Trang thanh toán mô phỏng: ${text}`);
  });
}

function open(message: Message, { book, context, callbacks }: Platform): PaymentRecord {
  const { MaThamChieu: reference, SoTien: amount, ThongTinGiaoDich: text, ThongTinBienLai: receipt } = message;
  const payer = String((receipt as Message)['HoTenNguoiNop']);
  const record = book.open({ reference: String(reference), amount: Number(amount), text: String(text), payer });
  // Nobody knows whether the real one refuses a reference that it has: this one takes it, so that it shows.
  context.effects.add('create-payment', record.reference);
  if (callbacks) callbacks.sender.expect(confirmationOf(record, book, callbacks.target));
  return record;
}

function status(record: PaymentRecord, book: PaymentBook): Message {
  const state = book.stateOf(record);
  return {
    LoaiBanTin: 'QUERY',
    MaLoi: codes.ok,
    MoTaLoi: '',
    MaDoiTac: partnerCode,
    MaThamChieu: record.reference,
    ThoiGianGD: book.timeOf(record),
    SoTien: record.amount,
    MaTienTe: 'VND',
    MaGiaoDich: record.transactionNumber,
    MaNganHang: state === '1' ? bank : null,
    ThongTinGiaoDich: record.text,
    TrangThaiGD: state,
  };
}

function sendReceipt(reply: FastifyReply, record: PaymentRecord | undefined, book: PaymentBook): FastifyReply {
  if (!record) return reply.send(error(codes.notFound, 'Không tìm thấy giao dịch'));
  if (book.stateOf(record) !== '1') return reply.send(error(codes.unpaid, 'Giao dịch chưa thanh toán thành công'));
  const lines = [
    'BIÊN LAI MÔ PHỎNG - KHÔNG CÓ GIÁ TRỊ',
    `Mã tham chiếu: ${record.reference}`,
    `Người nộp: ${record.payer}`,
    `Số tiền: ${record.amount} VND`,
    `Nội dung: ${record.text}`,
    `Thời gian: ${book.timeOf(record)}`,
  ];
  return reply.type('application/pdf').send(receiptPdf(lines));
}

function proven(type: MessageType, message: Message, { secret }: StandInContext): boolean {
  return (
    message['LoaiBanTin'] === type &&
    message['MaDoiTac'] === partnerCode &&
    message['MaXacThuc'] === sign(type, message, secret('secret'))
  );
}

const error = (MaLoi: string, MoTaLoi: string): Message => ({ MaLoi, MoTaLoi });
const initError = (code: string, message: string): Message => ({ error_code: code, message });

/** What is not a JSON object lacks every field, so its proof is wrong. */
function read({ body }: FastifyRequest): Message {
  try {
    return Object(JSON.parse(String(body))) as Message;
  } catch {
    return {};
  }
}
