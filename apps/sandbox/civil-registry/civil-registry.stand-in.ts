import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { parseXml, xmlAt } from '#lgsp/kit';
import type { Effects } from '../effects';
import { defineStandIn, type StandInContext } from '../stand-in';
import { Wso2Tokens } from '../wso2.tokens';
import { catalogues, faultsOf } from './civil-registry.catalogues';
import { Registry, type RegistryRecord } from './civil-registry.registry';

const linked = '/apiLienThongKSKT/1.0';
const registry = '/hotich/1.0';
const consumerKey = 'haiphong-hotich';
const askedAtOnceMax = 3;
const maritalModule = 'XNTTHN';
const effectOf: Record<string, string> = {
  LTKS: 'register-birth',
  LTKH: 'register-marriage',
  LTKT: 'register-death',
  [maritalModule]: 'request-marital-status-certificate',
};
const receivedForm = /^\d{2}\/\d{2}\/\d{4} ([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/;

/** A birth certificate of one line: a whole file would be noise in a test. */
const certificate = Buffer.from('%PDF-1.4\n').toString('base64');
const resultFields: Record<string, string> = {
  LTKS: 'giayKhaiSinh',
  LTKH: 'giayChungNhanKetHon',
  LTKT: 'trichLucKhaiTu',
};

type Body = Record<string, unknown>;

interface State {
  tokens: Wso2Tokens;
  records: Registry;
}

const states = new WeakMap<Effects, State>();

/** One state per stand-in, kept while its listener is down. */
function stateOf(context: StandInContext): State {
  let state = states.get(context.effects);
  if (!state) {
    state = { tokens: new Wso2Tokens(context, consumerKey), records: new Registry(context.clock) };
    state.records.addExample({
      module: 'LTKS',
      code: 'H24.11-261101-0016',
      interAgencyCode: 'G22.01.05-261101-000016',
      fate: 'completes',
      personalId: '031226000016',
    });
    states.set(context.effects, state);
  }
  return state;
}

/**
 * The civil registry: linked births, deaths and marriages with JSON in JSON, the older API with XML in JSON, behind a token
 * of a WSO2-style gateway. A given name of `Thiếu` makes a dossier that lacks something, `Sai` one that is refused.
 */
export const civilRegistryStandIn = defineStandIn({
  system: 'civil-registry',
  contentType: 'application/json',
  faultDocument: {
    status: 500,
    contentType: 'application/json',
    body: JSON.stringify({
      fault: { code: 101_503, message: 'Runtime Error', description: 'Error connecting to the back end' },
    }),
  },
  env: ({ baseUrl, secret }) => ({
    LGSP_CIVIL_REGISTRY_BASE_URL: baseUrl,
    LGSP_CIVIL_REGISTRY_CONSUMER_KEY: consumerKey,
    LGSP_CIVIL_REGISTRY_CONSUMER_SECRET: secret('consumer-secret'),
    LGSP_CIVIL_REGISTRY_DEFAULT_UNIT: '11311',
  }),
  routes(app, context) {
    const { tokens, records } = stateOf(context);
    app.post('/token', (request, reply) => tokens.issue(request, reply));
    const serve = (path: string, handle: (body: Body) => object | Refusal): FastifyInstance =>
      app.post(path, (request: FastifyRequest, reply: FastifyReply) => {
        const refusal = tokens.refusal(request);
        if (refusal) return reply.code(401).send(refusal);
        const answer = handle(bodyOf(request));
        return answer instanceof Refusal
          ? reply.code(500).send({ status: 500, errors: answer.text })
          : reply.send(answer);
      });
    serve(`${linked}/nhanHoSoDKHT`, (body) => submitLinked(body, records, context));
    serve(`${linked}/LayKetQua`, (body) => results(body, records));
    serve(`${registry}/dangKyHoTich`, (body) => submitOlder(body, records, context));
    serve(`${registry}/traTrangThaiHoSo`, (body) => olderState(body, records));
    serve(`${registry}/danhMuc`, ({ loaiDanhMuc }) => {
      const list = catalogues[String(loaiDanhMuc)];
      return list ? { status: 1, value: JSON.stringify(list) } : error(302, 'DATA_TYPE_INVALID');
    });
  },
});

/** A form that is wrong: HTTP 500 with all its faults in one text. */
class Refusal {
  constructor(readonly text: string) {}
}

function submitLinked(body: Body, records: Registry, { effects }: StandInContext): object {
  const { maDonVi, module, maHoSoLT, maHoSoMCDT, ngayTiepNhan, data, fileDinhKem } = body;
  const wrong = envelopeFault(maDonVi, module, maHoSoMCDT, ngayTiepNhan);
  if (wrong) return wrong;
  if (!resultFields[String(module)]) return error(302, 'DATA_TYPE_INVALID');
  const form = jsonOf(data);
  if (!form || !Array.isArray(fileDinhKem)) return error(302, 'DATA_TYPE_INVALID');
  const faults = faultsOf(form);
  if (faults !== '') return new Refusal(faults);
  records.add({
    module: String(module),
    code: String(maHoSoMCDT),
    interAgencyCode: typeof maHoSoLT === 'string' ? maHoSoLT : '',
    fate: fateOf(form),
  });
  effects.add(effectOf[String(module)]!, String(maHoSoMCDT));
  return { status: 1, statusDescription: 'Tiếp nhận thành công', errorCode: null, errorDescription: null };
}

function submitOlder(body: Body, records: Registry, { effects }: StandInContext): object {
  const { maDonVi, module, maHoSo, ngayTiepNhan, data } = body;
  const wrong = envelopeFault(maDonVi, module, maHoSo, ngayTiepNhan);
  if (wrong) return wrong;
  const form = xmlFormOf(data);
  if (!form || module !== maritalModule) return error(302, 'DATA_TYPE_INVALID');
  const faults = faultsOf(form);
  if (faults !== '') return error(500, faults);
  records.add({ module: maritalModule, code: String(maHoSo), interAgencyCode: '', fate: fateOf(form) });
  effects.add(effectOf[maritalModule]!, String(maHoSo));
  return { status: 1 };
}

function results({ maDinhDanhHoSo, maTinh, module }: Body, records: Registry): object {
  if (!Array.isArray(maDinhDanhHoSo) || maDinhDanhHoSo.length > askedAtOnceMax) return error(302, 'DATA_TYPE_INVALID');
  if (maTinh !== '31') return error(108, 'PROVINCE_ID_INCORRECT');
  const found = maDinhDanhHoSo.map((code) => records.find(String(code), String(module))).filter((record) => !!record);
  return { status: 1, statusDescription: '', value: found.map((record) => resultOf(record, records)) };
}

function resultOf(record: RegistryRecord, records: Registry): object {
  const state = records.linkedState(record);
  const words = { 1: 'Chờ xử lý', 2: 'Yêu cầu bổ sung giấy tờ', 3: 'Đang xử lý', 4: 'Đã có kết quả', 6: 'Từ chối' };
  const moved = record.receivedAt === 0 ? '03/11/2026 09:15:00' : records.movedAt(record);
  const done = {
    ngayDangKy: moved.slice(0, 10),
    soDinhDanh: record.personalId,
    [resultFields[record.module]!]: certificate,
  };
  return {
    maHoSoLT: record.interAgencyCode,
    maHoSoMCDT: record.code,
    trangThai: state,
    thoiGianThucHien: moved,
    noiDungXuLy: record.receivedAt === 0 ? 'Đã đăng ký khai sinh' : words[state],
    ghiChu: '',
    hanBoSungHoSo: state === 2 ? moved.slice(0, 10) : null,
    ketQuaXuLy: state === 4 ? done : null,
  };
}

/** The older API says 3 for "eligible" where the linked one says it for "processing". */
function olderState({ maDonVi, maHoSo }: Body, records: Registry): object {
  if (!Number.isSafeInteger(maDonVi)) return error(106, 'AGENCY_ID_INCORRECT');
  const record = records.find(String(maHoSo), maritalModule);
  if (!record) return error(201, 'RECORD_NOT_FOUND');
  const state = records.linkedState(record);
  return { status: 1, trangThai: state === 6 ? 2 : state, noiDung: state === 2 ? 'Bổ sung giấy tờ' : '' };
}

function envelopeFault(unit: unknown, module: unknown, code: unknown, received: unknown): object | undefined {
  if (!Number.isSafeInteger(unit)) return error(106, 'AGENCY_ID_INCORRECT');
  if (typeof module !== 'string' || typeof code !== 'string' || code === '') return error(200, 'RECORD_UNCOMPLETE');
  return receivedForm.test(String(received)) ? undefined : error(302, 'DATA_TYPE_INVALID');
}

/** By the given name of the first person in the form. */
function fateOf(form: Body): RegistryRecord['fate'] {
  const name = Object.entries(form).find(([field]) => field.endsWith('HoTen'))?.[1];
  const given = typeof name === 'object' && name !== null ? (name as Body)['Ten'] : name;
  const text = typeof given === 'string' ? given : '';
  if (text.endsWith('Thiếu')) return 'lacks';
  return text.endsWith('Sai') ? 'refused' : 'completes';
}

const error = (errorCode: number, errorDescription: string): object => ({
  status: 0,
  statusDescription: 'Thất bại',
  errorCode,
  errorDescription,
});

function bodyOf(request: FastifyRequest): Body {
  return jsonOf(request.body) ?? {};
}

function jsonOf(text: unknown): Body | undefined {
  try {
    const value: unknown = JSON.parse(String(text));
    return typeof value === 'object' && value !== null ? (value as Body) : undefined;
  } catch {
    return undefined; // Refused by its handler as the wrong type of data.
  }
}

function xmlFormOf(text: unknown): Body | undefined {
  try {
    return xmlAt(parseXml(String(text)), 'hotich', 'hoso') as Body | undefined;
  } catch {
    return undefined; // Refused by its handler as the wrong type of data.
  }
}
