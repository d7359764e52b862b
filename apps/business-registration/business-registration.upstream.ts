import { Injectable } from '@nestjs/common';
import { BusError, type Text } from '#lgsp/errors';
import {
  ClientCredentialsAuth,
  RestUpstream,
  upstreamFault,
  upstreamRejected,
  UpstreamRuntime,
  type Call,
} from '#lgsp/kit';
import { comparableText, formatDate, loadAdministrativeUnits, todayInVietnam, valueOrThrow } from '#lgsp/vietnam';
import { BusinessRegistrationConfig } from './business-registration.config';
import {
  currentEnterprise,
  olderEnterprise,
  type EnterpriseContext,
} from './business-registration.enterprise.upstream';
import type {
  ChangesQuestion,
  DossierChanges,
  DossierKind,
  DossierState,
  Enterprise,
  RegistrationDossier,
  RegistrationStatus,
} from './business-registration.messages';
import {
  checkPeriod,
  cursorOf,
  firstWindow,
  invalidCursor,
  nextWindow,
  positionAt,
  type Position,
} from './business-registration.periods';
import { RegistryRecord, WordList } from './business-registration.record.upstream';

type Query = Record<string, string | number>;

const messageLengthMax = 500;
const [dayStart, dayEnd] = ['00:00', '23:59'];

/**
 * The national business registry (CSDLQG về đăng ký doanh nghiệp) behind the façade of the national platform, or of a province:
 * GET with a token of a WSO2-style gateway. It answers HTTP 200 with `Status` "1" or "0" and `Message`.
 */
@Injectable()
export class BusinessRegistrationUpstream {
  private readonly rest: RestUpstream;
  private readonly context: EnterpriseContext;
  private readonly kinds: WordList<DossierKind>;
  private readonly states: WordList<DossierState>;

  constructor(
    private readonly config: BusinessRegistrationConfig,
    private readonly runtime: UpstreamRuntime,
  ) {
    const { baseUrl, tokenPath: path, consumerKey, consumerSecret = '' } = config;
    const credentials = { baseUrl, path, consumerKey, consumerSecret };
    this.rest = new RestUpstream(
      runtime,
      baseUrl,
      consumerKey === '' ? undefined : new ClientCredentialsAuth(runtime, credentials),
    );
    this.context = {
      statuses: new WordList(config.enterpriseStatuses),
      units: loadAdministrativeUnits(config.unitsFile),
    };
    this.kinds = new WordList(config.documentTypes);
    this.states = new WordList(config.processStatuses);
  }

  /** `chiTietDoanhNghiep` of either façade; undefined when the registry has no such enterprise. */
  async enterprise(code: string, call: Call): Promise<Enterprise | undefined> {
    const found =
      this.config.facade === 'older'
        ? await this.olderEnterprise(code, call)
        : await this.currentEnterprise(code, call);
    if (found && found.code !== code) throw this.invalid(call, anotherRecord);
    return found;
  }

  /** `tinhTrangHoSo`: where a dossier stands. Who handed it in is not passed on: nobody needs it to follow a dossier. */
  async registration(number: string, call: Call): Promise<RegistrationStatus | undefined> {
    const answer = await this.ask('tinhTrangHoSo', { in_journal_no: number }, call);
    const [record] = answer?.list('MainInformation') ?? [];
    if (!record?.text('IN_JOURNAL_NO')) return undefined;
    const dossier = this.dossier(record);
    if (dossier.number !== number) throw this.invalid(call, anotherRecord);
    return {
      ...dossier,
      enterpriseTypeCode: record.text('ENTERPRISE_TYPE_ID'),
      approvedOn: record.day('REGISTRATION_DATE'),
      supplementedOn: record.day('SUPPLEMENT_DATE'),
      channel: record.text('SUBMISSION_TYPE'),
    };
  }

  /**
   * `danhSachHoSo`, window by window and page by page until the answer is full, or `danhSachHoSoTrongNgay`. However long the
   * period, one answer asks the registry a bounded number of times; the cursor leads on from there.
   */
  async changes(question: ChangesQuestion, call: Call): Promise<DossierChanges> {
    const { windowDays, pageRecords, pagesMax } = this.config;
    checkPeriod(question, todayInVietnam(new Date()), call.language);
    const { cursor, limit = 100 } = question;
    let position = cursor === undefined ? firstWindow(question, windowDays) : positionAt(cursor, question, windowDays);
    if (!position) throw invalidCursor(call.language);
    // By number: a dossier that came in meanwhile moves the others on, and one of them is listed again.
    const found = new Map<string, RegistrationDossier>();
    for (let asked = 0; position && asked < pagesMax && found.size < limit; asked++) {
      const size = Math.min(pageRecords, limit - found.size);
      const { dossiers, more } = await this.page(question, position, size, call);
      for (const dossier of dossiers) found.set(dossier.number, dossier);
      position = more
        ? { ...position, offset: position.offset + dossiers.length }
        : nextWindow(position, question, windowDays);
    }
    return { dossiers: [...found.values()], next: position && cursorOf(position) };
  }

  private async page({ by, fromTime, toTime }: ChangesQuestion, position: Position, limit: number, call: Call) {
    const { from, to, offset } = position;
    const range: Query =
      by === 'processed'
        ? { from_ts: fromTime ?? dayStart, to_ts: toTime ?? dayEnd }
        : { from_date: slashed(from), to_date: slashed(to) };
    const name = by === 'processed' ? 'danhSachHoSoTrongNgay' : 'danhSachHoSo';
    const answer = await this.ask(name, { ...range, offset, limit }, call);
    const dossiers = answer?.list('MainInformation').map((record) => this.dossier(record)) ?? [];
    // The count is of all that there are; where it is only that of the page, a full page may have another behind it.
    const more = dossiers.length >= limit || (answer?.number('DataCount') ?? 0) > offset + dossiers.length;
    if (more && dossiers.length === 0) throw this.invalid(call, lacks('MainInformation'));
    return { dossiers, more };
  }

  private dossier(record: RegistryRecord): RegistrationDossier {
    const [kindText, statusCode] = [record.text('DOCUMENT_TYPE'), record.needed('PROCESS_STATUS')];
    return {
      number: record.needed('IN_JOURNAL_NO'),
      kind: this.kinds.find(kindText),
      kindText,
      state: this.states.find(statusCode),
      statusCode,
      enterpriseCode: record.text('ENTERPRISE_GDT_CODE'),
      enterpriseName: record.text('NAME'),
      officeCode: record.text('SITE_ID'),
      receivedOn: record.day('RECEIPT_DATE'),
      dueOn: record.day('PLAN_DATE'),
      changedAt: record.moment('PROCESSED_DATE'),
    };
  }

  private async currentEnterprise(msdn: string, call: Call): Promise<Enterprise | undefined> {
    const answer = await this.ask('chiTietDoanhNghiep', { msdn }, call);
    return answer && currentEnterprise(answer, this.context);
  }

  private async olderEnterprise(msdn: string, call: Call): Promise<Enterprise | undefined> {
    const answer = await this.get(`${this.config.olderPath}/chiTietDoanhNghiep`, { msdn }, call);
    if (!answer.has('GetEntCert')) throw this.invalid(call, lacks('GetEntCert'));
    return olderEnterprise(answer, this.context);
  }

  /** A question to today's façade; undefined when it says that there is no such record. */
  private async ask(name: string, query: Query, call: Call): Promise<RegistryRecord | undefined> {
    if (this.config.facade === 'older') throw upstreamRejected({ code: 'not-offered' }, notOffered);
    const answer = await this.get(`${this.config.currentPath}/${name}`, query, call);
    const status = answer.text('Status');
    if (status === '1') return answer;
    if (status !== '0') throw this.invalid(call, lacks('Status'));
    return this.refused(answer.text('Message')?.slice(0, messageLengthMax) ?? '');
  }

  private async get(path: string, query: Query, call: Call): Promise<RegistryRecord> {
    const { json } = await this.rest.json(call, { path, query });
    if (typeof json !== 'object' || json === null) throw this.invalid(call, lacks('Status'));
    return new RegistryRecord(json as Record<string, unknown>, (field) => this.invalid(call, lacks(field)));
  }

  /** `Status` "0" has one text for everything that can be wrong; its phrases tell whose matter it is. */
  private refused(message: string): undefined {
    const { notFoundPhrases, credentialPhrases, faultPhrases } = this.config;
    const said = comparableText(message);
    const speaksOf = (phrases: readonly string[]): boolean =>
      phrases.some((phrase) => said.includes(comparableText(phrase)));
    if (speaksOf(notFoundPhrases)) return undefined;
    const upstream = { code: 'Status 0', message };
    if (speaksOf(credentialPhrases)) {
      this.runtime.log.error({ upstreamCode: upstream.code }, 'the business registry refuses our access');
      throw upstreamFault(upstream);
    }
    throw speaksOf(faultPhrases) ? upstreamFault(upstream) : upstreamRejected(upstream);
  }

  private invalid(call: Call, why: Text): BusError {
    return this.rest.http.invalid(call, why);
  }
}

const slashed = (date: string): string => valueOrThrow(formatDate(date, 'dd/MM/yyyy'), 'internal');

const lacks = (field: string): Text => ({
  en: `the answer lacks a readable ${field}`,
  vi: `phản hồi thiếu ${field} đọc được`,
});
const anotherRecord: Text = {
  en: 'the answer is about another record than the one asked for',
  vi: 'phản hồi nói về bản ghi khác với bản ghi được hỏi',
};
const notOffered: Text = {
  en: 'the older façade, which this installation calls, has enterprises only and no dossiers',
  vi: 'giao diện cũ mà hệ thống này đang gọi chỉ có thông tin doanh nghiệp, không có hồ sơ',
};
