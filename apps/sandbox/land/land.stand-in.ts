import type { FastifyReply, FastifyRequest } from 'fastify';
import { CallbackSender } from '../callback.sender';
import { GivenTokens } from '../given.tokens';
import { defineStandIn, type StandInContext, type StandInDefinition, type StatefulContext } from '../stand-in';
import { acknowledgement, callbacksOf, type CallbackTarget } from './land.callbacks';
import { faultOfFaultyResult, faultOfReturn, faultOfSubmission, faultOfSupplement, recordOf } from './land.form';
import { LandOffice, wallTime, type Acted, type LandRecord } from './land.office';
import { parcelsAt } from './land.parcels';

export interface LandStandInOptions {
  /** Whose spelling of the paths, and whether a token is wanted. */
  variant?: 'vbdlis' | 'ilis';
}

interface State {
  office: LandOffice;
  tokens: GivenTokens;
}

interface Callbacks {
  sender: CallbackSender;
  target: CallbackTarget;
}

type Body = Record<string, unknown>;
type Handler = (body: Body) => object;

const paths = {
  vbdlis: {
    submit: '/tiepnhan',
    supplement: '/capnhattrangthaibosunghoso',
    returned: '/capnhattrangthaitraketquahoso',
  },
  ilis: { submit: '/TiepNhanHoSo', supplement: '/BoSungHoSo', returned: '/CapNhatTrangThaiHoSo' },
};
const tokenPath = '/connect/token';
const [username, clientId] = ['haiphong', 'motcua'];
/** A file of one line: a whole one would be noise in a test. */
const file = '%PDF-1.4\n';

/** Codes of refusals. None of the real ones is known. */
const codes = { faulty: 400, unknown: 404, already: 409, wrongState: 422, fault: 500 };

/** The land system: VBDLIS without a token, or iLIS with the password grant and some paths of its own. */
export function landStandInWith({ variant = 'vbdlis' }: LandStandInOptions = {}): StandInDefinition {
  return defineStandIn<State>({
    system: 'land',
    contentType: 'application/json',
    // It answers with HTTP 200 whatever happens within it.
    faultDocument: {
      status: 200,
      contentType: 'application/json',
      body: JSON.stringify(refusal(codes.fault, 'Hệ thống đang bận')),
    },
    env: (context) => ({
      LGSP_LAND_BASE_URL: context.baseUrl,
      LGSP_LAND_SECURITY_CODE: context.secret('security-code'),
      ...(variant === 'ilis' ? ilisEnv(context) : {}),
    }),
    state: ({ clock, fault }) => ({ office: new LandOffice(clock), tokens: new GivenTokens(fault) }),
    routes(app, context) {
      const { tokens } = context.state;
      const callbacks = callbacksTo(context);
      app.addHook('onClose', async () => callbacks?.sender.stop());
      if (variant === 'ilis') app.post(tokenPath, (request, reply) => issue(request, reply, context));
      const serve = (path: string, handle: Handler): unknown =>
        app.post(path, (request, reply) => {
          const [, token = ''] = (request.headers.authorization ?? '').split(' ');
          if (variant === 'ilis' && !tokens.isGood(token)) return reply.code(401).send({ message: 'Unauthorized' });
          const body = bodyOf(request);
          return reply.send(body ? handle(body) : refusal(codes.faulty, 'Dữ liệu không phải JSON'));
        });
      const { submit: submitPath, supplement, returned } = paths[variant];
      serve(submitPath, (body) => submit(body, context, callbacks));
      serve(supplement, (body) => supplemented(body, context, callbacks));
      serve(returned, (body) => reported(body, context));
      serve('/phanhoihososaiketqua', (body) => sentBack(body, context, callbacks));
      serve('/tracuuhoso', ({ SoBienNhan }) => lookedUp(String(SoBienNhan), context.state.office));
      serve('/tracuuthuadat', ({ TinhId, XaId, SoHieuBanDo, SoThuTuThua }) =>
        done(TinhId === 31 ? parcelsAt(Number(XaId), String(SoHieuBanDo), String(SoThuTuThua)) : []),
      );
      app.get('/tep/:name', (_request, reply) => reply.type('application/pdf').send(file));
    },
  });
}

export const landStandIn = landStandInWith();

function ilisEnv({ baseUrl, secret }: StandInContext): Record<string, string> {
  const { submit: submitPath, supplement, returned } = paths.ilis;
  return {
    LGSP_LAND_AUTH: 'password',
    LGSP_LAND_TOKEN_URL: `${baseUrl}${tokenPath}`,
    LGSP_LAND_USERNAME: username,
    LGSP_LAND_PASSWORD: secret('password'),
    LGSP_LAND_CLIENT_ID: clientId,
    LGSP_LAND_CLIENT_SECRET: secret('client-secret'),
    LGSP_LAND_SUBMIT_PATH: submitPath,
    LGSP_LAND_SUPPLEMENT_PATH: supplement,
    LGSP_LAND_RETURNED_PATH: returned,
  };
}

function issue(request: FastifyRequest, reply: FastifyReply, { secret, state }: StatefulContext<State>): FastifyReply {
  const form = Object.fromEntries(new URLSearchParams(String(request.body)));
  const wanted = { grant_type: 'password', username, password: secret('password'), client_id: clientId };
  const right = Object.entries({ ...wanted, client_secret: secret('client-secret') });
  if (right.some(([name, value]) => form[name] !== value)) return reply.code(400).send({ error: 'invalid_grant' });
  return reply.send({ access_token: state.tokens.give(), refresh_token: state.tokens.give(), token_type: 'bearer' });
}

function callbacksTo({ callbackUrl: url, fault, secret }: StandInContext): Callbacks | undefined {
  if (url === undefined) return undefined;
  // Whoever takes a callback says so in the body, with HTTP 200 in any case.
  const isTaken = async (response: Response): Promise<boolean> => recordOf(await response.json())['Result'] === 1;
  return {
    sender: new CallbackSender({ fault, isTaken }),
    target: { url, securityCode: secret('security-code') },
  };
}

function submit(body: Body, { state, effects }: StatefulContext<State>, callbacks?: Callbacks): object {
  const faulty = faultOfSubmission(body);
  if (faulty) return refusal(codes.faulty, `Dữ liệu không hợp lệ: ${faulty}`);
  const receiptNumber = String(body['SoBienNhan']);
  const record = state.office.receive(receiptNumber, String(recordOf(body['ThongTinNguoiNopDon'])['HoTen']));
  if (!record) return refusal(codes.already, 'Số biên nhận đã tồn tại');
  effects.add('submit-dossier', receiptNumber);
  expectWay(record, state.office, callbacks);
  return done(1);
}

function supplemented(body: Body, { state, effects }: StatefulContext<State>, callbacks?: Callbacks): object {
  const faulty = faultOfSupplement(body);
  if (faulty) return refusal(codes.faulty, `Dữ liệu không hợp lệ: ${faulty}`);
  const receiptNumber = String(body['SoBienNhan']);
  const acted = state.office.supplement(receiptNumber, String(body['GhiChu']));
  if (acted !== 'done') return refusalOf(acted, 'Hồ sơ không ở trạng thái chờ bổ sung');
  effects.add('complete-supplement', receiptNumber);
  tellAgain(state.office.find(receiptNumber)!, state.office, 'supplemented', callbacks);
  return done(1);
}

function reported(body: Body, { state, effects }: StatefulContext<State>): object {
  const faulty = faultOfReturn(body);
  if (faulty) return refusal(codes.faulty, `Dữ liệu không hợp lệ: ${faulty}`);
  const receiptNumber = String(body['SoBienNhan']);
  const acted = state.office.reportReturned(receiptNumber, String(body['NgayTra']));
  if (acted !== 'done') return refusalOf(acted, 'Hồ sơ chưa có kết quả');
  effects.add('report-result-returned', receiptNumber);
  return done(1);
}

function sentBack(body: Body, { state, effects }: StatefulContext<State>, callbacks?: Callbacks): object {
  const faulty = faultOfFaultyResult(body);
  if (faulty) return refusal(codes.faulty, `Dữ liệu không hợp lệ: ${faulty}`);
  const receiptNumber = String(body['SoBienNhan']);
  const acted = state.office.returnFaulty(receiptNumber, String(body['NoiDung']));
  if (acted !== 'done') return refusalOf(acted, 'Hồ sơ chưa có kết quả');
  effects.add('return-faulty-result', receiptNumber);
  tellAgain(state.office.find(receiptNumber)!, state.office, 'sent-back', callbacks);
  return done(1);
}

function lookedUp(receiptNumber: string, office: LandOffice): object {
  const record = office.find(receiptNumber);
  if (!record) return refusalOf('unknown', '');
  const history = record.history.map(({ at, state, note }) => ({
    ThoiGian: wallTime(at),
    TrangThai: state,
    GhiChu: note,
  }));
  return done({ SoBienNhan: receiptNumber, TrangThai: office.stateOf(record), LichSu: history });
}

function expectWay(record: LandRecord, office: LandOffice, callbacks: Callbacks | undefined): void {
  if (!callbacks) return;
  for (const callback of callbacksOf(record, office, callbacks.target)) callbacks.sender.expect(callback);
}

function tellAgain(
  record: LandRecord,
  office: LandOffice,
  what: 'supplemented' | 'sent-back',
  callbacks: Callbacks | undefined,
): void {
  callbacks?.sender.expect(acknowledgement(record, callbacks.target, what));
  expectWay(record, office, callbacks);
}

function refusalOf(acted: Exclude<Acted, 'done'>, wrongState: string): object {
  if (acted === 'unknown') return refusal(codes.unknown, 'Không tìm thấy hồ sơ');
  return acted === 'already' ? refusal(codes.already, 'Hồ sơ đã trả kết quả') : refusal(codes.wrongState, wrongState);
}

function done(data: unknown): object {
  return { data, status: statusOf(true, 200, 'SUCCESS', 'Thành công') };
}

function refusal(code: number, message: string): object {
  return { data: 0, status: statusOf(false, code, 'ERROR', message) };
}

function statusOf(success: boolean, code: number, type: string, message: string): object {
  return { success, code, type, time: wallTime(Date.now()), message };
}

function bodyOf({ body }: FastifyRequest): Body | undefined {
  try {
    return recordOf(JSON.parse(String(body)));
  } catch {
    return undefined; // The system answers a refusal of its own.
  }
}
