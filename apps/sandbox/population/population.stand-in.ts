import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { buildXml, parseXml, xmlAt, xmlText, type XmlTree } from '#lgsp/kit';
import type { Person } from '../people/population';
import { defineStandIn, type StandInContext } from '../stand-in';

const path = '/xroad/dancu';
const user = 'haiphong';
const clockSkewMaxMs = 300_000;

/** The order in which the real service wants its elements; it refuses any other. */
const elementOrder = [
  'MaYeuCau', 'MaDVC', 'MaTichHop', 'MaCanBo', 'MaDonVi', 'MaHoSo', 'TaiKhoan', 'SoDienThoai', 'SoDinhDanh', 'SoCMND', 'HoVaTen', 'NgayThangNamSinh',
]; // oxfmt-ignore

/** The example of the documentation: always there, whatever the seed. */
const examplePerson: Person = {
  personalId: '031190000016',
  oldIdentityNumber: '031900016',
  family: 'Nguyễn',
  middle: 'Thị',
  given: 'Mẫu',
  fullName: 'Nguyễn Thị Mẫu',
  sex: 'female',
  birthDate: '1990-02-14',
  ward: { code: '11329', name: 'Phường Ngô Quyền' },
  address: 'Số 1 đường Lạch Tray, Phường Ngô Quyền, Hải Phòng',
  phone: '0900000016',
};

/** The national population database: SOAP 1.1, hashed Basic over X-Road headers, order-sensitive elements. */
export const populationStandIn = defineStandIn({
  system: 'population',
  contentType: 'text/xml',
  faultDocument: { status: 500, contentType: 'text/xml', body: fault('Server', 'Dịch vụ tạm thời gián đoạn') },
  env: ({ baseUrl, secret }) => ({
    LGSP_POPULATION_BASE_URL: `${baseUrl}${path}`,
    LGSP_POPULATION_USER: user,
    LGSP_POPULATION_SECRET_KEY: secret('secret-key'),
    LGSP_POPULATION_API_KEY: secret('api-key'),
  }),
  routes(app, context) {
    app.post(path, (request, reply) => {
      const refused = refuseCredentials(request, context);
      if (refused) return reply.code(401).type('text/xml').send(fault('Client', refused));
      return answer(request, reply, context);
    });
  },
});

function refuseCredentials(
  { headers }: FastifyRequest,
  { baseUrl, secret, fault: ordered }: StandInContext,
): string | undefined {
  const timestamp = String(headers['timestamp']);
  const password = createHash('sha256')
    .update(`${baseUrl}${path}${user}${timestamp}${secret('secret-key')}`)
    .digest('hex');
  const wanted = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  if (ordered()?.kind === 'expired-token') return 'Thông tin xác thực hết hiệu lực';
  if (Math.abs(Date.now() - Number(timestamp)) > clockSkewMaxMs) return 'Timestamp quá hạn';
  if (headers['apikey'] !== secret('api-key') || !headers['x-road-client']) return 'Thiếu ApiKey hoặc X-Road-Client';
  return headers.authorization === wanted ? undefined : 'Sai thông tin xác thực';
}

function answer(request: FastifyRequest, reply: FastifyReply, { people }: StandInContext): FastifyReply {
  reply.type('text/xml');
  const body = xmlAt(parseXml(String(request.body)), 'Envelope', 'Body') as Record<string, unknown>;
  const [element, content] = Object.entries(body)[0] ?? [];
  const names = Object.keys(content ?? {}).filter((name) => !name.startsWith('@'));
  const inOrder = names.toSorted((a, b) => elementOrder.indexOf(a) - elementOrder.indexOf(b));
  if (names.some((name) => !elementOrder.includes(name)) || names.join() !== inOrder.join()) {
    return reply.code(500).send(fault('Client', 'Sai thứ tự phần tử'));
  }
  for (const name of ['MaYeuCau', 'MaDVC', 'MaTichHop', 'MaCanBo', 'HoVaTen']) {
    if (!xmlText(content, name)) return reply.code(500).send(fault('Client', `Thiếu ${name}`));
  }
  const number = xmlText(content, 'SoDinhDanh') ?? xmlText(content, 'SoCMND') ?? '';
  const found =
    number === examplePerson.personalId || number === examplePerson.oldIdentityNumber
      ? examplePerson
      : people.find(number);
  const person = found && agrees(found, content) ? found : undefined;
  if (element === 'XacThucThongTinCongDan' && xmlText(content, 'MaTichHop') === '003') {
    return reply.send(
      envelope({ XacThucThongTinCongDanResponse: { KetQuaXacThuc: { TonTai: String(person !== undefined) } } }),
    );
  }
  if (element === 'TraCuuThongTinCongDan' && xmlText(content, 'MaTichHop') === '037') {
    return reply.send(
      envelope({
        'ns2:CongdanCollection': {
          '@xmlns:ns2': 'http://www.mic.gov.vn/dancu/1.0',
          ...(person ? record(person, people.find.bind(people)) : {}),
        },
      }),
    );
  }
  return reply.code(500).send(fault('Client', 'Sai mã tích hợp'));
}

/** The name must agree without regard to case, and the birth date as far as it was given. */
function agrees(person: Person, content: unknown): boolean {
  if (person.fullName.toLocaleUpperCase('vi') !== xmlText(content, 'HoVaTen')) return false;
  const full = xmlText(content, 'NgayThangNamSinh', 'NgayThangNam');
  if (full) return person.birthDate.replaceAll('-', '') === full;
  return person.birthDate.slice(0, 4) === xmlText(content, 'NgayThangNamSinh', 'Nam');
}

function record(person: Person, find: (number: string) => Person | undefined): XmlTree {
  return {
    'ns2:CongDan': {
      '@ThoiDiemDuLieu': '2026-01-01T00:00:00+07:00',
      SoDinhDanh: person.personalId,
      ...(person.oldIdentityNumber ? { SoCMND: person.oldIdentityNumber } : {}),
      HoVaTen: nameOf(person),
      NgayThangNamSinh:
        person.birthDate.length === 4
          ? { Nam: person.birthDate }
          : { NgayThangNam: person.birthDate.replaceAll('-', '') },
      ...parent('Cha', find(person.father ?? '')),
      ...parent('Me', find(person.mother ?? '')),
    },
  };
}

function parent(element: string, person: Person | undefined): XmlTree {
  return person ? { [element]: { SoDinhDanh: person.personalId, QuocTich: 'VN', HoVaTen: nameOf(person) } } : {};
}

const nameOf = ({ family, middle, given }: Person): XmlTree => ({ Ho: family, ChuDem: middle, Ten: given });

function envelope(body: XmlTree): string {
  return buildXml({
    'soap:Envelope': { '@xmlns:soap': 'http://schemas.xmlsoap.org/soap/envelope/', 'soap:Body': body },
  });
}

function fault(code: string, text: string): string {
  return envelope({ 'soap:Fault': { faultcode: `soap:${code}`, faultstring: text } });
}
