import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  isSameSecret,
  jsonObjectOf,
  jsonReply,
  refusedAs,
  type Callback,
  type CallbackAnswer,
  type CallbackRequest,
} from '#lgsp/kit';
import { JudicialRecordsConfig } from './judicial-records.config';

type Json = Record<string, unknown>;

const done = { statusCode: '00', data: null, errorDetail: '' };

/** The variant of VNeID, the citizens' app: it pushes whole declarations into the province. */
export const submission: Callback = {
  summary: {
    en: 'Hands in a request for a judicial-record certificate that a citizen made in VNeID',
    vi: 'Chuyển hồ sơ đề nghị cấp phiếu lý lịch tư pháp công dân nộp trên VNeID',
  },
  scheme: {
    en:
      'authKey in the body: SHA-256 in hexadecimal of the configured fields and the secret, joined by | ' +
      '(LGSP_JUDICIAL_RECORDS_AUTH_KEY_FIELDS, LGSP_JUDICIAL_RECORDS_AUTH_KEY_SECRET)',
    vi:
      'authKey trong nội dung: SHA-256 dạng hexa của các trường cấu hình và khóa bí mật, nối bằng | ' +
      '(LGSP_JUDICIAL_RECORDS_AUTH_KEY_FIELDS, LGSP_JUDICIAL_RECORDS_AUTH_KEY_SECRET)',
  },
  // Scanned papers come along.
  bodyBytesMax: 4_000_000,
  timeoutMs: 10_000,
  sensitivity: 'confidential',
  example: {
    body: {
      maTinh: '31',
      maHoSoMCDT: 'H24.11-261101-0041',
      ngayTiepNhan: '01/11/2026 08:30:00',
      nguonDangKy: 'VNeID',
      toKhai: { loaiPhieu: '1', nycHoTen: 'Nguyễn Thị Mẫu', nycSoDinhDanh: '031190000016' },
      thongTinBienLai: { DSKhoanNop: [{ NoiDung: 'Phí cấp phiếu', SoTien: '200000' }], trangThaiGD: '1' },
      authKey: '0000000000000000000000000000000000000000000000000000000000000000',
    },
    reply: done,
  },
};

const refusal = (errorDetail: string): ReturnType<typeof jsonReply> =>
  jsonReply({ statusCode: '01', data: null, errorDetail });
const dossierForm = /^[\w.-]{3,60}$/;

/**
 * Verifies what VNeID hands in. The declaration is for the client that works on it, and is not read here. Whether one that comes
 * again may be taken (only a dossier of state 5, that waits for papers, may be handed in again) is the client's to say, which alone
 * knows the state.
 */
@Injectable()
export class JudicialRecordsCallbacks {
  constructor(private readonly config: JudicialRecordsConfig) {}

  async submit({ body }: CallbackRequest): Promise<CallbackAnswer> {
    const json = jsonObjectOf(body);
    if (!json) return refusedAs('refused', refusal('Dữ liệu không phải JSON'));
    if (!this.isGenuine(json)) return refusedAs('forged', refusal('authKey không đúng'));
    const { maHoSoMCDT: dossier, toKhai: declaration } = json;
    if (typeof dossier !== 'string' || !dossierForm.test(dossier))
      return refusedAs('refused', refusal('Thiếu hoặc sai maHoSoMCDT'));
    if (typeof declaration !== 'object' || declaration === null)
      return refusedAs('refused', refusal('Thiếu hoặc sai toKhai'));
    return { reply: jsonReply(done), observations: [], submission: { reference: dossier, dossier } };
  }

  private isGenuine(json: Json): boolean {
    const { authKeyFields, authKeySecret } = this.config;
    const fields = authKeyFields.map((name) => json[name] ?? '');
    // A bar within a field would let the fields of another message be read as these.
    if (authKeySecret === '' || !fields.every((field) => /^[^|]*$/.test(textOf(field)))) return false;
    const proof = createHash('sha256').update([...fields.map(textOf), authKeySecret].join('|'));
    const given = json['authKey'];
    return isSameSecret(typeof given === 'string' ? given.toLowerCase() : undefined, proof.digest('hex'));
  }
}

/** What is neither text nor number is a bar, which no field may hold. */
const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '|';
