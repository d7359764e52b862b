import type { FastifyInstance } from 'fastify';
import { formatDate, todayInVietnam } from '#lgsp/vietnam';
import type { Effects } from '../effects';
import { defineStandIn, type StandInContext } from '../stand-in';
import { Wso2Tokens } from '../wso2.tokens';
import { CertificateArchive, isRecordId, received, type CertificateRecord } from './judicial-records.archive';
import { citizenRequest } from './judicial-records.citizen';
import { faultsOfForm } from './judicial-records.form.check';
import { partnerRefusal } from './judicial-records.partner';

const api = '/apiLyLichTuPhap';
const consumerKey = 'haiphong-lltp';
const bodyNotJson = reply('302', 'DATA_TYPE_INVALID - Dữ liệu không phải JSON');
const notFound = reply('201', 'RECORD_NOT_FOUND - Hồ sơ không tồn tại, đề nghị xem lại số phiếu tiếp nhận');
const wrongInfoType = reply('302', 'DATA_TYPE_INVALID - infoType không hợp lệ');
const statusNames: Record<number, string> = { 3: 'STP đã tiếp nhận', 4: 'Đang xử lý', 5: 'Đã có phiếu' };
/** Its `infoType`: not through the one-stop software, or through it. */
const infoTypes = { direct: '1', oneStop: '2' };

type Body = Record<string, unknown>;
type Handler = (body: Body) => object;

/**
 * The judicial-records system: JSON over POST behind a token of a WSO2-style gateway. It answers HTTP 200 with STATUS and
 * DESCRIPTION whatever happens within it; only its gateway answers 401.
 */
export const judicialRecordsStandIn = defineStandIn({
  system: 'judicial-records',
  contentType: 'application/json',
  faultDocument: {
    status: 200,
    contentType: 'application/json',
    body: JSON.stringify(reply('-1', 'Hệ thống đang gián đoạn', { ID: null })),
  },
  env: ({ baseUrl, secret }) => ({
    LGSP_JUDICIAL_RECORDS_BASE_URL: baseUrl,
    LGSP_JUDICIAL_RECORDS_CONSUMER_KEY: consumerKey,
    LGSP_JUDICIAL_RECORDS_CONSUMER_SECRET: secret('consumer-secret'),
    LGSP_JUDICIAL_RECORDS_AUTH_KEY_SECRET: secret('auth-key'),
  }),
  citizen: citizenRequest,
  routes(app, context) {
    const { tokens, archive } = stateOf(context);
    app.post('/token', (request, answer) => tokens.issue(request, answer.type('application/json')));
    const serve = (name: string, handle: Handler): FastifyInstance =>
      app.post(`${api}/${name}`, (request, answer) => {
        answer.type('application/json');
        const refusal = tokens.refusal(request) ?? partnerRefusal(request, context);
        if (refusal) return answer.code(401).send(refusal);
        const body = parsed(String(request.body));
        return answer.send(body ? handle(body) : bodyNotJson);
      });
    serve('nhanHoSoDangKy', (body) => register(body, archive, context.effects));
    serve('traTrangThaiHs', (body) => statusOf(body, archive));
    serve('traDsTrangThaiHs', (body) => changed(body, archive));
    serve('danhDauHsThanhCong', (body) => acknowledge(body, archive, context.effects));
  },
});

interface State {
  tokens: Wso2Tokens;
  archive: CertificateArchive;
}

const states = new WeakMap<Effects, State>();

/** One state per stand-in, kept while its listener is down. */
function stateOf(context: StandInContext): State {
  let state = states.get(context.effects);
  if (!state) {
    state = { tokens: new Wso2Tokens(context, consumerKey), archive: new CertificateArchive(context.clock) };
    states.set(context.effects, state);
  }
  return state;
}

function register(form: Body, archive: CertificateArchive, effects: Effects): object {
  const faults = faultsOfForm(form);
  if (faults.length > 0) return reply('302', `DATA_TYPE_INVALID - Dữ liệu không hợp lệ: ${faults.join(', ')}`);
  const number = String(form['idReceivedDec']);
  effects.add('request-certificate', number);
  return reply('1', '', { ID: archive.register(number).id });
}

function statusOf({ idReceivedDec, infoType, identifyNo }: Body, archive: CertificateArchive): object {
  if (infoType !== infoTypes.direct && infoType !== infoTypes.oneStop) return wrongInfoType;
  const asked = infoType === infoTypes.direct ? String(identifyNo) : undefined;
  const record = archive.find(String(idReceivedDec), asked);
  return record ? reply('1', '', stateFields(record, archive)) : notFound;
}

function changed({ infoType }: Body, archive: CertificateArchive): object {
  if (infoType !== infoTypes.direct && infoType !== infoTypes.oneStop) return wrongInfoType;
  const direct = infoType === infoTypes.direct;
  const numberField = direct ? 'APPOINTMENT_NO' : 'RECEIVE_NO';
  const list = archive.changed(direct).map((record) => {
    const own = { DECLARATION_ID: record.id, [numberField]: record.number };
    return Object.assign(own, stateFields(record, archive));
  });
  return reply('1', '', { LISTCONTENT: list });
}

function acknowledge({ declarationId, infoType }: Body, archive: CertificateArchive, effects: Effects): object {
  if (infoType !== '2') return wrongInfoType;
  const ids = String(declarationId).split(';');
  if (!ids.every(isRecordId)) return reply('302', 'DATA_TYPE_INVALID - declarationId không hợp lệ');
  for (const { id } of archive.acknowledge(ids)) effects.add('acknowledge', id);
  return reply('1', '');
}

function stateFields(record: CertificateRecord, archive: CertificateArchive): object {
  const status = archive.statusOf(record);
  const dates = record.finished ?? {
    approvedOn: todayInVietnam(new Date(archive.readyAt(record))),
    issuedOn: todayInVietnam(new Date(archive.readyAt(record))),
  };
  return {
    DEC_STATUS_ID: status,
    DEC_STATUS_NAME: statusNames[status],
    APPROVE_DATE: status > received + 1 ? slashed(dates.approvedOn) : '',
    ISSUE_DATE: status > received + 1 ? slashed(dates.issuedOn) : '',
  };
}

function slashed(date: string): string {
  const written = formatDate(date, 'dd/MM/yyyy');
  return written.ok ? written.value : '';
}

function reply(status: string, description: string, more: object = {}): object {
  return { STATUS: status, DESCRIPTION: description, ...more };
}

function parsed(text: string): Body | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Body) : undefined;
  } catch {
    return undefined; // The system answers a STATUS of its own.
  }
}
