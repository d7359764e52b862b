import { Injectable } from '@nestjs/common';
import { BusError, type Text, type UpstreamWord } from '#lgsp/errors';
import { ClientCredentialsAuth, RestUpstream, upstreamFault, UpstreamRuntime, withPartner, type Call } from '#lgsp/kit';
import type { CommandProgress, FeedPage, FollowedCommand, Standing } from '#lgsp/progress';
import { dossierStateCodeOf, nowInVietnam, parseDate } from '#lgsp/vietnam';
import { JudicialRecordsConfig, type PathName } from './judicial-records.config';
import { refusedFields, registrationForm } from './judicial-records.form.upstream';
import {
  recordIdLengthMax,
  type CertificateChange,
  type CertificateQuestion,
  type CertificateRequest,
  type CertificateState,
  type CertificateStatus,
  type Channel,
} from './judicial-records.messages';

type Json = Record<string, unknown>;

const statusById: ReadonlyMap<string, CertificateStatus> = new Map([
  ['3', 'received'],
  ['4', 'processing'],
  ['5', 'ready'],
]);
const idByStatus: Record<CertificateStatus, string> = { received: '3', processing: '4', ready: '5' };
const infoTypes = { direct: '1', 'one-stop': '2' } as const;
/** `danhDauHsThanhCong`: what was fetched are states, not the dossiers themselves (1, 3). */
const fetchedStates = '2';
/** A STATUS is logged and told as a code, so it must look like one: a sentence there may hold personal data. */
const statusShape = /^-?\w{1,20}$/;
const receiveNoLengthMax = 64;
/** As much of the system's words as reaches the caller, in characters. */
const descriptionLengthMax = 500;

/**
 * The judicial-records system (lý lịch tư pháp) behind its façade `/apiLyLichTuPhap/`: JSON over POST, token of a
 * WSO2-style gateway, optionally the header `lgspaccesstoken` beside it. Every answer has the form STATUS, DESCRIPTION.
 */
@Injectable()
export class JudicialRecordsUpstream {
  private readonly rest: RestUpstream;

  constructor(
    private readonly config: JudicialRecordsConfig,
    runtime: UpstreamRuntime,
  ) {
    const { baseUrl, paths, consumerKey, consumerSecret } = config;
    const auth = new ClientCredentialsAuth(runtime, { baseUrl, path: paths.token, consumerKey, consumerSecret });
    this.rest = new RestUpstream(runtime, baseUrl, withPartner(auth, config.partner));
  }

  /** `nhanHoSoDangKy`: hands a declaration in, and gives the system's own id of it. */
  async register(request: CertificateRequest, receiptNumber: string, call: Call): Promise<string> {
    const form = registrationForm(request, receiptNumber, this.config, call.language);
    const { ID } = await this.post(call, 'request', form);
    if (!isId(ID)) throw this.invalid(call, lacks('ID'));
    return String(ID);
  }

  /** `traTrangThaiHs`: where a dossier stands, or undefined when the system says that it has none such. */
  async find(question: CertificateQuestion, call: Call): Promise<CertificateState | undefined> {
    const { dossier, channel = 'one-stop', documentNumber } = question;
    const body = {
      idReceivedDec: dossier,
      infoType: infoTypes[channel],
      identifyNo: channel === 'direct' ? documentNumber : undefined,
    };
    try {
      // A look-up also where it serves a command, so what goes wrong with it is no unknown outcome.
      return this.state(await this.post(call, 'status', body, true), call);
    } catch (error) {
      if (error instanceof BusError && error.code === 'not-found') return undefined;
      throw error;
    }
  }

  /**
   * `traDsTrangThaiHs`: the dossiers whose state changed since it was last acknowledged. The system has no paging: it
   * answers all it has, and only as many as asked for are read.
   */
  async changes(channel: Channel, limit: number, call: Call): Promise<{ changes: CertificateChange[]; more: boolean }> {
    const { LISTCONTENT } = await this.post(call, 'changes', { infoType: infoTypes[channel] });
    const list = typeof LISTCONTENT === 'string' ? parsed(LISTCONTENT) : LISTCONTENT;
    if (!Array.isArray(list)) throw this.invalid(call, lacks('LISTCONTENT'));
    const changes = list.slice(0, limit).map((entry: unknown) => this.change(entry, channel, call));
    return { changes, more: list.length > limit };
  }

  /** Where dossiers stand, of those that the system has. Ready is the end. */
  async progress(commands: FollowedCommand[], call: Call): Promise<CommandProgress[]> {
    const at = nowInVietnam(new Date());
    const named = commands.filter(({ dossier }) => dossier !== undefined);
    const found = await Promise.all(named.map(({ dossier }) => this.find({ dossier: dossier! }, call)));
    return found.flatMap((state, index) => {
      const { transactionId, dossier } = named[index]!;
      return state ? [{ transactionId, ...standingOf(dossier!, state.status, at) }] : [];
    });
  }

  /** A page of the changed dossiers of one-stop software, each with the id by which it is acknowledged. */
  async feed(limit: number, call: Call): Promise<FeedPage> {
    const at = nowInVietnam(new Date());
    const { changes, more } = await this.changes('one-stop', limit, call);
    return {
      changes: changes.map(({ recordId: token, dossier, status }) => ({ token, ...standingOf(dossier, status, at) })),
      more,
    };
  }

  /** `danhDauHsThanhCong`: these states are stored on our side and need not be listed again. */
  async acknowledge(recordIds: string[], call: Call): Promise<void> {
    await this.post(call, 'acknowledge', { declarationId: recordIds.join(';'), infoType: fetchedStates });
  }

  /** Sends a body and gives the answer when its STATUS means success. */
  private async post(call: Call, path: PathName, json: object, repeatable?: boolean): Promise<Json> {
    const answer = await this.rest.json(call, { path: this.config.paths[path], json, repeatable });
    const { STATUS, DESCRIPTION } = isObject(answer.json) ? answer.json : {};
    const code = typeof STATUS === 'string' || typeof STATUS === 'number' ? String(STATUS) : '';
    if (!statusShape.test(code)) throw this.invalid(call, lacks('STATUS'), repeatable);
    if (this.config.okStatuses.includes(code)) return answer.json as Json;
    const message = typeof DESCRIPTION === 'string' ? DESCRIPTION.slice(0, descriptionLengthMax) : undefined;
    throw this.refusal({ code, message }, path, call);
  }

  private refusal(upstream: UpstreamWord, path: PathName, call: Call): BusError {
    const { notFoundStatuses, credentialStatuses, faultStatuses } = this.config;
    const { code, message = '' } = upstream;
    if (notFoundStatuses.includes(code)) return new BusError('not-found', { upstream });
    if (credentialStatuses.includes(code)) {
      call.log.error({ status: code }, 'the outside system refuses our credentials');
      return upstreamFault(upstream);
    }
    if (faultStatuses.includes(code)) return upstreamFault(upstream);
    const errors = path === 'request' ? refusedFields(message, call.language) : [];
    return new BusError('upstream-rejected', { upstream, errors: errors.length > 0 ? errors : undefined });
  }

  private change(entry: unknown, channel: Channel, call: Call): CertificateChange {
    const { DECLARATION_ID, RECEIVE_NO, APPOINTMENT_NO } = isObject(entry) ? entry : {};
    const dossier = channel === 'direct' ? APPOINTMENT_NO : RECEIVE_NO;
    if (!isId(DECLARATION_ID)) throw this.invalid(call, lacks('DECLARATION_ID'));
    if (!isText(dossier, receiveNoLengthMax)) throw this.invalid(call, lacks('RECEIVE_NO'));
    return { recordId: String(DECLARATION_ID), dossier, ...this.state(entry as Json, call) };
  }

  private state({ DEC_STATUS_ID, APPROVE_DATE, ISSUE_DATE }: Json, call: Call): CertificateState {
    const status = statusById.get(String(DEC_STATUS_ID));
    if (!status) throw this.invalid(call, lacks('DEC_STATUS_ID'), true);
    return {
      status,
      approvedOn: this.date(APPROVE_DATE, 'APPROVE_DATE', call),
      issuedOn: this.date(ISSUE_DATE, 'ISSUE_DATE', call),
    };
  }

  private date(value: unknown, field: string, call: Call): string | undefined {
    if (value === undefined || value === null || value === '') return undefined;
    const date = parseDate(typeof value === 'string' ? value : '', 'dd/MM/yyyy');
    if (!date.ok) throw this.invalid(call, lacks(field), true);
    return date.value;
  }

  private invalid(call: Call, why: Text, repeatable?: boolean): BusError {
    return this.rest.http.invalid(call, why, repeatable);
  }
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown, lengthMax: number): value is string =>
  typeof value === 'string' && value !== '' && value.length <= lengthMax;
/** An id is text or a number; `;` joins ids, so it cannot be part of one. */
const isId = (value: unknown): value is string | number =>
  Number.isSafeInteger(value) || (isText(value, recordIdLengthMax) && !/[;\s]/.test(value));

const lacks = (field: string): Text => ({
  en: `the answer lacks a readable ${field}`,
  vi: `phản hồi thiếu ${field} đọc được`,
});

/** JSON within a JSON string, or undefined when it is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // The caller of this function answers `upstream-invalid`.
  }
}

/** @param at when it was asked: the system does not say since when it is so */
function standingOf(dossier: string, status: CertificateStatus, at: string): Standing {
  const upstreamState = idByStatus[status];
  const portalState = dossierStateCodeOf('judicial-records', upstreamState);
  return { reference: dossier, dossier, state: status, upstreamState, portalState, final: status === 'ready', at };
}
