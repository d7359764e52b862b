import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseDate } from '#lgsp/vietnam';
import { defineStandIn } from '../stand-in';
import { wso2Fault, Wso2Tokens } from '../wso2.tokens';
import { RegistryDossiers, type RegistryDossier } from './business-registration.dossiers';
import { Enterprises } from './business-registration.enterprises';
import { currentForm, dossierForm, olderForm, processedForm, receivedForm } from './business-registration.forms';

const current = '/apiCSDLDKDN/1.0';
const older = '/apiDKKD/DoanhNghiep';
const consumerKey = 'haiphong-dkdn';
const windowDaysMax = 5;
/** It hands out no more at once, whatever is asked for. */
const pageRecordsMax = 20;
const dayMs = 86_400_000;
const time = /^([01]\d|2[0-3]):[0-5]\d$/;
const messages = {
  none: 'Không tìm thấy dữ liệu',
  window: `Khoảng thời gian tối đa ${windowDaysMax} ngày`,
  form: 'Tham số không đúng định dạng',
};

type Query = Partial<Record<string, string>>;

interface State {
  tokens: Wso2Tokens;
  enterprises: Enterprises;
  dossiers: RegistryDossiers;
}

/**
 * The business registry: today's façade behind a WSO2-style gateway, with `Status` as text and one `Message` for everything that
 * is wrong; and the older one, which asks for no token and answers null where there is nothing.
 */
export const businessRegistrationStandIn = defineStandIn<State>({
  system: 'business-registration',
  contentType: 'application/json',
  faultDocument: {
    status: 500,
    contentType: 'application/json',
    body: JSON.stringify(wso2Fault(101_503, 'Error connecting to the back end')),
  },
  env: ({ baseUrl, secret }) => ({
    LGSP_BUSINESS_REGISTRATION_BASE_URL: baseUrl,
    LGSP_BUSINESS_REGISTRATION_CONSUMER_KEY: consumerKey,
    LGSP_BUSINESS_REGISTRATION_CONSUMER_SECRET: secret('consumer-secret'),
  }),
  state: (context) => {
    const enterprises = new Enterprises(context.people);
    return {
      tokens: new Wso2Tokens(context, consumerKey),
      enterprises,
      dossiers: new RegistryDossiers(enterprises, context.clock),
    };
  },
  routes(app, { state: { tokens, enterprises, dossiers } }) {
    app.post('/token', (request, reply) => tokens.issue(request, reply));
    const serve = (name: string, answer: (query: Query) => object): void => {
      app.get(`${current}/${name}`, (request: FastifyRequest, reply: FastifyReply) => {
        const refusal = tokens.refusal(request);
        return refusal ? reply.code(401).send(refusal) : reply.send(answer(request.query as Query));
      });
    };
    serve('chiTietDoanhNghiep', ({ msdn = '' }) => {
      const found = enterprises.find(msdn);
      return found ? { ...currentForm(found), ...done(1) } : refused(messages.none);
    });
    serve('tinhTrangHoSo', ({ in_journal_no: number }) => {
      const found = dossiers.find(Number(number));
      return found ? { MainInformation: dossierForm(found), ...done(1) } : { MainInformation: null, ...done(0) };
    });
    serve('danhSachHoSo', (query) => listOfPeriod(query, dossiers));
    serve('danhSachHoSoTrongNgay', ({ from_ts: from = '', to_ts: to = '', ...query }) => {
      if (!time.test(from) || !time.test(to) || to < from) return refused(messages.form);
      return page(query, dossiers.processed(from, to), processedForm);
    });
    app.get(`${older}/chiTietDoanhNghiep`, (request) => {
      const found = enterprises.find((request.query as Query)['msdn'] ?? '');
      return { GetEntCert: found ? [olderForm(found)] : null };
    });
  },
});

function listOfPeriod(
  { from_date: fromText = '', to_date: toText = '', ...query }: Query,
  dossiers: RegistryDossiers,
): object {
  const [from, to] = [parseDate(fromText, 'dd/MM/yyyy'), parseDate(toText, 'dd/MM/yyyy')];
  if (!from.ok || !to.ok || to.value < from.value) return refused(messages.form);
  const days = (Date.parse(to.value) - Date.parse(from.value)) / dayMs + 1;
  if (days > windowDaysMax) return refused(messages.window);
  return page(query, dossiers.received(from.value, to.value), receivedForm);
}

/** Some of the dossiers, and how many there are in all. */
function page({ offset, limit }: Query, all: RegistryDossier[], form: (dossier: RegistryDossier) => object): object {
  const [first, count] = [Number(offset), Math.min(Number(limit), pageRecordsMax)];
  if (!(first >= 0) || !(count >= 1)) return refused(messages.form);
  return { MainInformation: all.slice(first, first + count).map(form), ...done(all.length) };
}

const done = (count: number): object => ({ DataCount: count, Status: '1', Message: 'success' });
const refused = (message: string): object => ({ DataCount: 0, Status: '0', Message: message });
