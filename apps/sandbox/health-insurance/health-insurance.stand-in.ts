import type { FastifyReply, FastifyRequest } from 'fastify';
import { comparableText, formatDate, parseDate } from '#lgsp/vietnam';
import type { Effects } from '../effects';
import { defineStandIn } from '../stand-in';
import { wso2Fault, Wso2Tokens } from '../wso2.tokens';
import { Cards, type CardRecord } from './health-insurance.cards';
import { household, namesakes, type InsuredRecord } from './health-insurance.people';

const path = '/apiBHXH';
const consumerKey = 'haiphong-bhxh';
/** Error codes. None of the real ones is known. */
const codes = { none: '404', cancelled: '410', field: '400', covered: '409' } as const;
/** Who has a card already, from before: no second one for the same personal id. */
const coveredPersonalId = '031226000099';
const clinic = /^31\d{3}$/;
const childMonths = 72;
const required = [
  'maYeuCau',
  'maHoSo',
  'maCoQuan',
  'canBo',
  'hoTen',
  'maTinh',
  'maXa',
  'hoTenNguoiGiamHo',
  'soCccdNguoiGiamHo',
];

type Body = Record<string, unknown>;

interface State {
  tokens: Wso2Tokens;
  cards: Cards;
}

/** Vietnam Social Security behind the façade of the national platform: look-ups, and cards of children under 6. */
export const healthInsuranceStandIn = defineStandIn<State>({
  system: 'health-insurance',
  contentType: 'application/json',
  faultDocument: {
    status: 500,
    contentType: 'application/json',
    body: JSON.stringify(wso2Fault(101_503, 'Error connecting to the back end')),
  },
  env: ({ baseUrl, secret }) => ({
    LGSP_HEALTH_INSURANCE_BASE_URL: baseUrl,
    LGSP_HEALTH_INSURANCE_CONSUMER_KEY: consumerKey,
    LGSP_HEALTH_INSURANCE_CONSUMER_SECRET: secret('consumer-secret'),
  }),
  state: (context) => ({ tokens: new Wso2Tokens(context, consumerKey), cards: new Cards(context.clock) }),
  routes(app, { effects, clock, state: { tokens, cards } }) {
    app.post('/token', (request, reply) => tokens.issue(request, reply));
    const serve = (name: string, work: (body: Body) => object): void => {
      app.post(`${path}/${name}`, (request: FastifyRequest, reply: FastifyReply) => {
        const refusal = tokens.refusal(request);
        return refusal ? reply.code(401).send(refusal) : reply.send(work(bodyOf(request)));
      });
    };
    serve('getMaSoBhxhTheoTieuChi', numbers);
    serve('getTraCuuTtHgdByMaSoBhxh', ({ maSoBhxh }) =>
      householdReply(household.members.some(({ number }) => number !== '' && number === maSoBhxh)),
    );
    serve('getTraCuuThongTinHgd', ({ maHoGiaDinh }) => householdReply(maHoGiaDinh === household.code));
    serve('nhanHoSoCapTheTreEm', (body) => place(body, cards, effects, clock.now()));
    serve('traTrangThaiCapThe', ({ maYeuCau }) => {
      const found = cards.find(String(maYeuCau));
      return found ? done(cardForm(found)) : failed(codes.none, 'Không tìm thấy yêu cầu');
    });
    serve('huyHoSoCapThe', ({ maYeuCau }) => {
      const became = cards.cancel(String(maYeuCau));
      if (became === 'none') return failed(codes.none, 'Không tìm thấy yêu cầu');
      if (became === 'before') return failed(codes.cancelled, 'Yêu cầu đã được hủy');
      effects.add('cancel-card', String(maYeuCau));
      return done({});
    });
  },
});

function numbers({ hoTen, ngaySinh, gioiTinh, loaiNgaySinh }: Body): object {
  if (!['0', '1', '2'].includes(String(loaiNgaySinh))) return failed(codes.field, 'loaiNgaySinh không hợp lệ');
  const found = [...household.members, ...namesakes].filter(
    ({ name, number, birthDate, sex }) =>
      number !== '' &&
      comparableText(name) === comparableText(String(hoTen)) &&
      birthDate === ngaySinh &&
      sex === gioiTinh,
  );
  return found.length === 0 ? failed(codes.none, 'Không tìm thấy') : done(found.map(personForm));
}

function householdReply(isKnown: boolean): object {
  if (!isKnown) return failed(codes.none, 'Không tìm thấy hộ gia đình');
  const [head] = household.members;
  return done({
    maHoGiaDinh: household.code,
    hoTenChuHo: head!.name,
    diaChi: household.address,
    maXa: household.commune,
    thanhVien: household.members.map((member) => personForm(member)),
  });
}

function place(body: Body, cards: Cards, effects: Effects, now: number): object {
  const text = (name: string): string => (typeof body[name] === 'string' ? body[name] : '');
  const missing = required.find((name) => text(name) === '');
  if (missing) return failed(codes.field, `Thiếu ${missing}`);
  const born = parseDate(text('ngaySinh'), 'yyyyMMdd');
  if (!born.ok || body['loaiNgaySinh'] !== 0) return failed(codes.field, 'ngaySinh không hợp lệ');
  if (now - Date.parse(born.value) > (childMonths / 12) * 366 * 86_400_000)
    return failed(codes.field, 'ngaySinh: không phải trẻ em dưới 6 tuổi');
  if (![1, 2].includes(Number(body['gioiTinh']))) return failed(codes.field, 'gioiTinh không hợp lệ');
  if (text('maCoSoKcb') !== '' && !clinic.test(text('maCoSoKcb')))
    return failed(codes.field, 'maCoSoKcb không có trong danh mục');
  if (text('soDinhDanh') === coveredPersonalId) return failed(codes.covered, 'Trẻ đã được cấp thẻ');
  cards.place(text('maYeuCau'), { birthDate: born.value, guardian: text('hoTenNguoiGiamHo') });
  effects.add('issue-child-card', text('maYeuCau'));
  return done({ maYeuCau: text('maYeuCau') });
}

const done = (data: object): object => ({ trangThai: 1, errorCode: '', errorDescription: '', duLieu: data });
const failed = (code: string, words: string): object => ({ trangThai: 0, errorCode: code, errorDescription: words });

const personForm = ({ number, name, birthDate, sex, relation }: InsuredRecord): object => ({
  maSoBhxh: number,
  hoTen: name,
  ngaySinh: birthDate,
  loaiNgaySinh: birthDate.length === 4 ? 1 : 0,
  gioiTinh: sex,
  maHoGiaDinh: household.members.some((member) => member.number === number) ? household.code : null,
  quanHeChuHo: relation,
});

const cardForm = (record: CardRecord): object => ({
  maYeuCau: record.reference,
  trangThaiHoSo: record.state,
  maSoBhxh: record.insuranceNumber ?? null,
  maThe: record.cardNumber ?? null,
  tuNgay: written(record.validFrom, 'yyyyMMdd'),
  denNgay: written(record.validTo, 'yyyyMMdd'),
  thoiGianCapNhat: written(record.changedAt, 'yyyyMMddHHmmss'),
  noiDung: record.note,
});

function written(iso: string | undefined, form: 'yyyyMMdd' | 'yyyyMMddHHmmss'): string {
  const text = iso === undefined ? undefined : formatDate(iso, form);
  return text?.ok ? text.value : '';
}

function bodyOf({ body }: FastifyRequest): Body {
  try {
    return JSON.parse(String(body)) as Body;
  } catch {
    return {}; // Nothing is in it, so the first field that is needed is missing.
  }
}
