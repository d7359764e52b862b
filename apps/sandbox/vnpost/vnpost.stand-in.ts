import type { FastifyReply, FastifyRequest } from 'fastify';
import { CallbackSender } from '../callback.sender';
import type { Effects } from '../effects';
import { defineStandIn, type StandInContext } from '../stand-in';
import { wso2Fault, Wso2Tokens } from '../wso2.tokens';
import { trackingOf } from './vnpost.callbacks';
import { Orders, timeText, type StatusRecord } from './vnpost.orders';

const path = '/apiVNPostNGSP/p1.0/order';
const consumerKey = 'haiphong';
const customerCode = 'HAIPHONG-HCC';

/** Codes of results. None of the real ones is known. */
const codes = {
  done: 1, unknownOrder: 2, cancelledBefore: 3, collected: 4, field: 5, province: 6, district: 7, customer: 8,
} as const; // oxfmt-ignore

/** Provinces of VNPost's own catalogue. */
const provinces = [
  10, 16, 17, 18, 20, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 35, 36, 38, 39, 40, 41, 42, 43, 44, 46, 48, 51, 52, 53,
  55, 56, 57, 58, 59, 60, 62, 63, 64, 65, 66, 67, 70, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96,
  97,
]; // oxfmt-ignore

const texts = [
  'OrderNumber', 'SenderName', 'SenderAddress', 'SenderTel', 'SenderDesc', 'ReceiverName', 'ReceiverAddress', 'ReceiverTel',
  'GovAgencyName',
]; // oxfmt-ignore
/** Direction is told in words only, in the middle of them. */
const contents =
  /^Mã hồ sơ: [^|]+\|\|Tên thủ tục: [^|]+(?:\|\|Thành phần hồ sơ \d+: [^|]+)+\|\|Tên dịch vụ: (?:Thu gom|Trả) hồ sơ tại nhà(?:\|\|CMND: \d{9,12})?$/;
const pageRecordsMax = 1_000;

interface State {
  tokens: Wso2Tokens;
  orders: Orders;
}

const states = new WeakMap<Effects, State>();

/** One state per stand-in, kept while its listener is down. */
function stateOf(context: StandInContext): State {
  let state = states.get(context.effects);
  if (!state) {
    state = { tokens: new Wso2Tokens(context, consumerKey), orders: new Orders(context.clock) };
    states.set(context.effects, state);
  }
  return state;
}

/** VNPost's service for administrative dossiers behind the façade of the national platform. */
export const vnpostStandIn = defineStandIn({
  system: 'vnpost',
  contentType: 'application/json',
  faultDocument: {
    status: 500,
    contentType: 'application/json',
    body: JSON.stringify(wso2Fault(101_503, 'Error connecting to the back end')),
  },
  env: ({ baseUrl, secret }) => ({
    LGSP_VNPOST_BASE_URL: baseUrl,
    LGSP_VNPOST_CONSUMER_KEY: consumerKey,
    LGSP_VNPOST_CONSUMER_SECRET: secret('consumer-secret'),
    LGSP_VNPOST_CUSTOMER_CODE: customerCode,
    LGSP_VNPOST_CALLBACK_SECRET: secret('callback-secret'),
  }),
  routes(app, context) {
    const { tokens, orders } = stateOf(context);
    const sender = new CallbackSender({ fault: context.fault });
    app.addHook('onClose', async () => sender.stop());
    app.post('/token', (request, reply) => tokens.issue(request, reply));
    const guarded = (work: (request: FastifyRequest) => object) => (request: FastifyRequest, reply: FastifyReply) => {
      const refusal = tokens.refusal(request);
      return refusal ? reply.code(401).send(refusal) : reply.send(work(request));
    };
    app.post(
      `${path}/post`,
      guarded((request) => place(bodyOf(request), orders, context, sender)),
    );
    app.post(
      `${path}/cancel`,
      guarded((request) => cancel(bodyOf(request), orders, context)),
    );
    app.get(
      `${path}/tracking`,
      guarded(({ query }) => page(query as Record<string, string>, orders)),
    );
  },
});

type Body = Record<string, unknown>;

function place(body: Body, orders: Orders, context: StandInContext, sender: CallbackSender): object {
  if (body['CustomerCode'] !== customerCode) return result(codes.customer, 'Mã khách hàng không hợp lệ');
  const missing = texts.find((name) => typeof body[name] !== 'string' || body[name] === '');
  if (missing) return result(codes.field, `Thiếu ${missing}`);
  const amount = body['CODAmount'];
  if (typeof amount !== 'number' || amount < 0) return result(codes.field, 'CODAmount không hợp lệ');
  for (const side of ['Sender', 'Receiver']) {
    const [province, district] = [body[`${side}Province`], body[`${side}District`]];
    if (!provinces.includes(province as number)) return result(codes.province, `${side}Province không hợp lệ`);
    if (!belongs(district, province as number)) return result(codes.district, `${side}District không hợp lệ`);
  }
  if (!contents.test(String(body['SenderDesc']))) return result(codes.field, 'SenderDesc không hợp lệ');
  const number = String(body['OrderNumber']);
  context.effects.add('create-order', number);
  const placed = { ...result(codes.done, 'Thành công'), ItemCode: orders.place(number) };
  const { callbackUrl: url, secret } = context;
  const told = url === undefined ? [] : trackingOf(number, orders, { url, secret: secret('callback-secret') });
  for (const callback of told) sender.expect(callback);
  return placed;
}

/** Districts begin with their province's two digits; the largest provinces have the free ones behind theirs too. */
function belongs(district: unknown, province: number): boolean {
  if (district === 0) return true;
  if (typeof district !== 'number' || district < 1_000 || district > 9_999) return false;
  return provinces.findLast((code) => code <= Math.floor(district / 100)) === province;
}

function cancel(body: Body, orders: Orders, { effects }: StandInContext): object {
  if (body['CustomerCode'] !== customerCode) return result(codes.customer, 'Mã khách hàng không hợp lệ');
  const number = String(body['OrderNumber']);
  const became = orders.cancel(number);
  if (became === undefined) return result(codes.unknownOrder, 'Không tìm thấy đơn hàng');
  if (became === 'collected') return result(codes.collected, 'Bưu tá đã nhận hồ sơ, không thể hủy');
  if (became === 'cancelled-before') return result(codes.cancelledBefore, 'Đơn hàng đã hủy trước đó');
  effects.add('cancel-order', number);
  return result(codes.done, 'Thành công');
}

const result = (status: number, message: string): object => ({ Status: status, Message: message });

function page(query: Record<string, string>, orders: Orders): object {
  const limit = Math.min(Math.max(1, Number(query['pagesize']) || 1), pageRecordsMax);
  const records = orders.records(query['lastId'] ?? '', limit, {
    order: query['orderNumber'],
    item: query['itemCode'],
  });
  return { _embedded: { 'rh:doc': records.map(document) }, _returned: records.length };
}

const document = ({ id, orderNumber, itemCode, statusCode, statusMessage, at }: StatusRecord): object => ({
  _id: { $oid: id },
  OrderNumber: orderNumber,
  ItemCode: itemCode,
  StatusCode: statusCode,
  StatusMessage: statusMessage,
  StatusDate: timeText(at),
});

function bodyOf(request: FastifyRequest): Body {
  try {
    return JSON.parse(String(request.body)) as Body;
  } catch {
    return {}; // Nothing is in it, so the first field that is needed is missing.
  }
}
