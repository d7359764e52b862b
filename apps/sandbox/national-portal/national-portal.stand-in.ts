import type { FastifyReply, FastifyRequest } from 'fastify';
import { GivenTokens } from '../given.tokens';
import { defineStandIn, type StandInDefinition, type StatefulContext } from '../stand-in';
import { PortalDossiers, type Taken } from './national-portal.dossiers';
import { faultOfDossier, faultOfStep, procedures } from './national-portal.form';

export interface NationalPortalStandInOptions {
  /** A portal that takes a dossier it knows as new once more, so that it is there twice. */
  takesTwice?: boolean;
}

interface State {
  sessions: GivenTokens;
  dossiers: PortalDossiers;
}

type Context = StatefulContext<State>;
type Body = Record<string, unknown>;

const username = 'haiphong';
const unit = '000.00.00.H24';

/** Error codes; only 00 and 0 are known from practice. */
const codes = { session: '01', known: '02', unknown: '03', faulty: '04', illegal: '05', login: 1, fault: '99' };

/** The adapter of the National Public Service Portal: one address, service and session in the body, always HTTP 200. */
export function nationalPortalStandInWith({
  takesTwice = false,
}: NationalPortalStandInOptions = {}): StandInDefinition {
  return defineStandIn<State>({
    system: 'national-portal',
    contentType: 'application/json',
    faultDocument: {
      status: 200,
      contentType: 'application/json',
      body: JSON.stringify(error(codes.fault, 'Hệ thống đang bận')),
    },
    env: ({ baseUrl, secret }) => ({
      LGSP_NATIONAL_PORTAL_BASE_URL: baseUrl,
      LGSP_NATIONAL_PORTAL_USERNAME: username,
      LGSP_NATIONAL_PORTAL_PASSWORD: secret('password'),
      LGSP_NATIONAL_PORTAL_UNIT: unit,
    }),
    state: ({ clock, fault }) => ({
      sessions: new GivenTokens(fault),
      dossiers: new PortalDossiers(clock, takesTwice),
    }),
    routes(app, context) {
      app.post('/auth', (request, reply) => open(bodyOf(request), reply, context));
      app.post('/service', (request, reply) => reply.send(serve(bodyOf(request), context)));
    },
  });
}

export const nationalPortalStandIn = nationalPortalStandInWith();

function open(body: Body, reply: FastifyReply, { secret, state }: Context): FastifyReply {
  const right = body['username'] === username && body['password'] === secret('password');
  return reply.send(
    right ? { session: state.sessions.give(), error_code: 0 } : { session: '', error_code: codes.login },
  );
}

function serve(body: Body, context: Context): object {
  const { sessions, dossiers } = context.state;
  if (!sessions.isGood(String(body['session']))) return error(codes.session, 'Phiên làm việc không hợp lệ');
  if (body['madonvi'] !== unit) return error(codes.faulty, 'Dữ liệu không hợp lệ: madonvi');
  switch (body['service']) {
    case 'DongBoHoSoMC':
      return sync(body, context);
    case 'CapNhatTienDoHoSoMC':
      return addSteps(body, context);
    case 'TraCuuHoSo':
      return done(dossiers.find(String(body['mahoso'])));
    case 'LayDanhSachTTHC':
      return done(procedures);
    case 'LayThuTuc':
      return done(procedures.filter(({ MATTHC }) => MATTHC === body['maTTHC']));
    default:
      return error(codes.faulty, 'Dữ liệu không hợp lệ: service');
  }
}

function sync({ isUpdating, data }: Body, { state, effects }: Context): object {
  if (isUpdating !== 'True' && isUpdating !== 'False') return error(codes.faulty, 'Dữ liệu không hợp lệ: isUpdating');
  const updating = isUpdating === 'True';
  return eachOf(data, faultOfDossier, (dossier) => {
    const taken = updating ? state.dossiers.update(dossier) : state.dossiers.insert(dossier);
    if (taken === 'taken') effects.add(updating ? 'update-dossier' : 'create-dossier', String(dossier['MaHoSo']));
    return taken;
  });
}

const addSteps = ({ data }: Body, { state, effects }: Context): object =>
  eachOf(data, faultOfStep, (step) => {
    const taken = state.dossiers.addStep(step);
    if (taken === 'taken') effects.add('update-progress', String(step['MaHoSo']));
    return taken;
  });

/** Takes a list one by one, and ends at the first that it does not take. */
function eachOf(data: unknown, faultOf: (entry: Body) => string | undefined, take: (entry: Body) => Taken): object {
  if (!Array.isArray(data) || data.length === 0) return error(codes.faulty, 'Dữ liệu không hợp lệ: data');
  for (const entry of data.map(recordOf)) {
    const faulty = faultOf(entry);
    if (faulty) return error(codes.faulty, `Dữ liệu không hợp lệ: ${faulty}`);
    const taken = take(entry);
    if (taken !== 'taken') return refusals[taken]();
  }
  return done([]);
}

const refusals: Record<Exclude<Taken, 'taken'>, () => object> = {
  known: () => error(codes.known, 'Hồ sơ đã tồn tại'),
  unknown: () => error(codes.unknown, 'Không tìm thấy hồ sơ'),
  illegal: () => error(codes.illegal, 'Trạng thái không hợp lệ'),
};

function done(result: unknown): object {
  return { error_code: '00', message: 'Thành công', result };
}

function error(code: string, message: string): object {
  return { error_code: code, message };
}

const recordOf = (value: unknown): Body => (typeof value === 'object' && value !== null ? (value as Body) : {});

/** What is no JSON object has no session. */
function bodyOf({ body }: FastifyRequest): Body {
  try {
    return recordOf(JSON.parse(String(body)));
  } catch {
    return {};
  }
}
