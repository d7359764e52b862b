import type { FastifyReply, FastifyRequest } from 'fastify';
import { formatDate, parseDate } from '#lgsp/vietnam';
import type { Effects } from '../effects';
import { defineStandIn } from '../stand-in';
import { wso2Fault, Wso2Tokens } from '../wso2.tokens';
import { BudgetRegister, type RegisteredUnit, type RequestRecord } from './budget-code.register';

const path = '/apiDVQHNS/1.0';
const consumerKey = 'haiphong-dvqhns';
/** Codes of results. None of the real ones is known. */
const codes = { done: '00', none: '04', field: '11', parent: '12' } as const;
const chapters = /^\d{3}$/;
const unitsMax = 100;
const required = [
  'maThamChieu',
  'maHoSo',
  'maCoQuan',
  'canBo',
  'tenDonVi',
  'diaChi',
  'soQuyetDinh',
  'coQuanQuyetDinh',
  'nguoiLienHe',
  'soDienThoai',
];

type Body = Record<string, unknown>;
type Query = Partial<Record<string, string>>;

interface State {
  tokens: Wso2Tokens;
  register: BudgetRegister;
}

/** The register of budget-relation codes of the Ministry of Finance, behind the façade of the national platform. */
export const budgetCodeStandIn = defineStandIn<State>({
  system: 'budget-code',
  contentType: 'application/json',
  faultDocument: {
    status: 500,
    contentType: 'application/json',
    body: JSON.stringify(wso2Fault(101_503, 'Error connecting to the back end')),
  },
  env: ({ baseUrl, secret }) => ({
    LGSP_BUDGET_CODE_BASE_URL: baseUrl,
    LGSP_BUDGET_CODE_CONSUMER_KEY: consumerKey,
    LGSP_BUDGET_CODE_CONSUMER_SECRET: secret('consumer-secret'),
  }),
  state: (context) => ({
    tokens: new Wso2Tokens(context, consumerKey),
    register: new BudgetRegister(context.clock),
  }),
  routes(app, { effects, state: { tokens, register } }) {
    app.post('/token', (request, reply) => tokens.issue(request, reply));
    const guarded = (work: (request: FastifyRequest) => object) => (request: FastifyRequest, reply: FastifyReply) => {
      const refusal = tokens.refusal(request);
      return refusal ? reply.code(401).send(refusal) : reply.send(work(request));
    };
    app.get(
      `${path}/traCuuMaSo`,
      guarded(({ query }) => lookUp(query as Query, register)),
    );
    app.post(
      `${path}/dangKyMaSo`,
      guarded(({ body }) => place(parsed(body), register, effects)),
    );
    app.get(
      `${path}/trangThaiDeNghi`,
      guarded(({ query }) => {
        const found = register.find((query as Query)['maThamChieu'] ?? '');
        return found
          ? result(codes.done, 'Thành công', { duLieu: requestForm(found) })
          : result(codes.none, 'Không tìm thấy đề nghị');
      }),
    );
  },
});

function lookUp({ maSo, tenDonVi, soLuong }: Query, register: BudgetRegister): object {
  const one = maSo === undefined ? undefined : register.unit(maSo);
  const found = maSo === undefined ? register.named(tenDonVi ?? '') : one ? [one] : [];
  if (found.length === 0) return result(codes.none, 'Không tìm thấy đơn vị', { tongSo: 0, duLieu: [] });
  const size = Math.min(Number(soLuong ?? unitsMax) || 1, unitsMax);
  return result(codes.done, 'Thành công', { tongSo: found.length, duLieu: found.slice(0, size).map(unitForm) });
}

function place(body: Body, register: BudgetRegister, effects: Effects): object {
  const missing = required.find((name) => typeof body[name] !== 'string' || body[name] === '');
  if (missing) return result(codes.field, `Thiếu ${missing}`);
  const text = (name: string): string => (typeof body[name] === 'string' ? body[name] : '');
  if (!['1', '2', '3'].includes(text('loaiHinh'))) return result(codes.field, 'loaiHinh không hợp lệ');
  if (!chapters.test(text('maChuong'))) return result(codes.field, 'maChuong không hợp lệ');
  if (!parseDate(text('ngayQuyetDinh'), 'dd/MM/yyyy').ok) return result(codes.field, 'ngayQuyetDinh không hợp lệ');
  if (!parseDate(text('thoiGianDeNghi'), 'dd/MM/yyyy HH:mm:ss').ok)
    return result(codes.field, 'thoiGianDeNghi không hợp lệ');
  for (const name of ['maDonViCapTren', 'maDonViTach']) {
    const unit = text(name) === '' ? undefined : register.unit(text(name));
    if (text(name) !== '' && !unit) return result(codes.parent, `${name} không tồn tại`);
    if (unit?.closedOn) return result(codes.parent, `${name} đã đóng mã số`);
  }
  const reference = text('maThamChieu');
  effects.add('request-unit-code', reference);
  register.place(reference, {
    name: text('tenDonVi'),
    kind: text('loaiHinh'),
    chapter: text('maChuong'),
    parent: text('maDonViCapTren'),
    address: text('diaChi'),
  });
  return result(codes.done, 'Đã tiếp nhận đề nghị');
}

const result = (code: string, message: string, more: object = {}): object => ({
  maLoi: code,
  thongBao: message,
  ...more,
});

const unitForm = (unit: RegisteredUnit): object => ({
  maSo: unit.code,
  tenDonVi: unit.name,
  loaiHinh: unit.kind,
  maChuong: unit.chapter,
  maDonViCapTren: unit.parent,
  maSoThue: '',
  diaChi: unit.address,
  trangThai: unit.closedOn ? 'CLOSED' : 'ACTIVE',
  ngayCap: written(unit.issuedOn),
  ngayDong: unit.closedOn ? written(unit.closedOn) : null,
  maSoThayThe: unit.successor ?? null,
});

const requestForm = ({ reference, state, code, changedAt, note }: RequestRecord): object => ({
  maThamChieu: reference,
  trangThai: state,
  maSo: code ?? null,
  ngayCap: code ? written(changedAt.slice(0, 10)) : '',
  thoiGianCapNhat: written(changedAt),
  noiDung: note,
});

function written(iso: string): string {
  const text = formatDate(iso, iso.length === 10 ? 'dd/MM/yyyy' : 'dd/MM/yyyy HH:mm:ss');
  return text.ok ? text.value : '';
}

function parsed(body: unknown): Body {
  try {
    return JSON.parse(String(body)) as Body;
  } catch {
    return {}; // Nothing is in it, so the first field that is needed is missing.
  }
}
