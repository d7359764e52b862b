import { createHash, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  SoapUpstream,
  UpstreamRuntime,
  xmlAt,
  xmlText,
  type Call,
  type UpstreamRequest,
  type XmlTree,
} from '#lgsp/kit';
import { PopulationConfig } from './population.config';
import type { Citizen, CitizenQuestion, Parent } from './population.messages';

/**
 * The national population database (CSDLQG về dân cư): SOAP 1.1 behind X-Road. The elements of a request are
 * order-sensitive; the officer's own account and the reason travel in each one.
 */
@Injectable()
export class PopulationUpstream {
  private readonly soap: SoapUpstream;

  constructor(
    private readonly config: PopulationConfig,
    runtime: UpstreamRuntime,
  ) {
    this.soap = new SoapUpstream(runtime, config.baseUrl, { headers: (_call, request) => this.proof(request) });
  }

  /** `XacThucThongTinCongDan`: yes or no, and nothing else. */
  async exists(question: CitizenQuestion, call: Call): Promise<boolean> {
    const answer = await this.ask('XacThucThongTinCongDan', this.config.verifyCode, question, call);
    const said = xmlText(answer, 'XacThucThongTinCongDanResponse', 'KetQuaXacThuc', 'TonTai');
    if (said === 'true' || said === '1') return true;
    if (said === 'false' || said === '0') return false;
    throw this.soap.http.invalid(call, { en: 'the answer lacks TonTai', vi: 'phản hồi thiếu TonTai' });
  }

  /** `TraCuuThongTinCongDan`: the record, or undefined when the collection is there and empty. */
  async find(question: CitizenQuestion, call: Call): Promise<Citizen | undefined> {
    const answer = await this.ask('TraCuuThongTinCongDan', this.config.lookUpCode, question, call);
    const collection = xmlAt(answer, 'CongdanCollection');
    if (collection === undefined) {
      throw this.soap.http.invalid(call, {
        en: 'the answer lacks CongdanCollection',
        vi: 'phản hồi thiếu CongdanCollection',
      });
    }
    const citizen = xmlAt(collection, 'CongDan');
    return citizen === undefined ? undefined : this.citizen(citizen, call);
  }

  private ask(element: string, integrationCode: string, question: CitizenQuestion, call: Call) {
    const { identityNumber, fullName, birthDate } = question;
    const full = birthDate.length === 10;
    const body: XmlTree = {
      MaYeuCau: call.transactionId || randomUUID(),
      MaDVC: this.config.serviceCode,
      MaTichHop: integrationCode,
      MaCanBo: call.officer,
      MaDonVi: call.agency ?? '',
      MaHoSo: call.dossier,
      TaiKhoan: this.config.account,
      SoDienThoai: '',
      ...(identityNumber.length === 9 ? { SoCMND: identityNumber } : { SoDinhDanh: identityNumber }),
      HoVaTen: fullName.toLocaleUpperCase('vi'),
      NgayThangNamSinh: full ? { NgayThangNam: birthDate.replaceAll('-', '') } : { Nam: birthDate.slice(0, 4) },
    };
    return this.soap.call(call, { body: { [`dc:${element}`]: { '@xmlns:dc': 'http://dancuquocgia.bca', ...body } } });
  }

  /** The hashed Basic scheme: the password is SHA-256 over address, user, time and secret key, so it serves once. */
  private proof({ path }: UpstreamRequest): Record<string, string> {
    const { user, secretKey, apiKey, xRoadClient, baseUrl } = this.config;
    const timestamp = String(Date.now());
    const url = baseUrl.replace(/\/$/, '') + path;
    const password = createHash('sha256').update(`${url}${user}${timestamp}${secretKey}`).digest('hex');
    return {
      timestamp,
      authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
      'x-road-client': xRoadClient,
      apikey: apiKey,
    };
  }

  private citizen(node: unknown, call: Call): Citizen {
    const personalId = xmlText(node, 'SoDinhDanh');
    const [family = '', middle = '', given = ''] = ['Ho', 'ChuDem', 'Ten'].map((part) =>
      xmlText(node, 'HoVaTen', part),
    );
    const birthDate = birthDateOf(node);
    if (!personalId || !given || !birthDate) {
      throw this.soap.http.invalid(call, { en: 'the record is not complete', vi: 'bản ghi không đầy đủ' });
    }
    return {
      personalId,
      oldIdentityNumber: xmlText(node, 'SoCMND'),
      name: { family, middle, given },
      fullName: [family, middle, given].filter(Boolean).join(' '),
      birthDate,
      sex: sexOf(personalId),
      father: parentOf(xmlAt(node, 'Cha')),
      mother: parentOf(xmlAt(node, 'Me')),
      asOf: xmlText(node, '@ThoiDiemDuLieu'),
    };
  }
}

function birthDateOf(node: unknown): string | undefined {
  const full = xmlText(node, 'NgayThangNamSinh', 'NgayThangNam');
  if (full && /^\d{8}$/.test(full)) return `${full.slice(0, 4)}-${full.slice(4, 6)}-${full.slice(6)}`;
  return xmlText(node, 'NgayThangNamSinh', 'Nam');
}

/** The fourth digit of a personal id holds century and sex; even is male. */
const sexOf = (personalId: string): Citizen['sex'] => (Number(personalId[3]) % 2 === 0 ? 'male' : 'female');

function parentOf(node: unknown): Parent | undefined {
  const identityNumber = xmlText(node, 'SoDinhDanh');
  const fullName = ['Ho', 'ChuDem', 'Ten']
    .map((part) => xmlText(node, 'HoVaTen', part))
    .filter(Boolean)
    .join(' ');
  return identityNumber || fullName ? { identityNumber, fullName: fullName || undefined } : undefined;
}
