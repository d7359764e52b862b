import { Injectable } from '@nestjs/common';
import { BusError, type Text } from '#lgsp/errors';
import {
  recordOf,
  RestUpstream,
  TokenCache,
  upstreamFault,
  UpstreamRuntime,
  type Call,
  type UpstreamCall,
} from '#lgsp/kit';
import { dossierStateTable, parseApplicantCode, parseDate, parseDossierState, type DossierState } from '#lgsp/vietnam';
import { NationalPortalConfig } from './national-portal.config';
import { agrees, dossierCodeOf, dossierMessage, fieldsNamed, progressMessage } from './national-portal.form.upstream';
import type {
  FoundDossier,
  ListedProcedure,
  PortalDossier,
  Progress,
  ProgressStep,
  SyncedDossier,
} from './national-portal.messages';

type Json = Record<string, unknown>;

/** Names of the services, all at one address. */
const services = {
  sync: 'DongBoHoSoMC',
  progress: 'CapNhatTienDoHoSoMC',
  lookUp: 'TraCuuHoSo',
  procedures: 'LayDanhSachTTHC',
} as const;
type Service = (typeof services)[keyof typeof services];

/**
 * The adapter of the National Public Service Portal: one address, the service and the session in the body of every call,
 * `error_code` 00 when all is well.
 */
@Injectable()
export class NationalPortalUpstream {
  private readonly rest: RestUpstream;
  private readonly sessions = new TokenCache((call) => this.open(call));
  private kept?: { procedures: ListedProcedure[]; until: number };

  constructor(
    private readonly config: NationalPortalConfig,
    private readonly runtime: UpstreamRuntime,
  ) {
    this.rest = new RestUpstream(runtime, config.baseUrl);
  }

  /**
   * Hands a dossier in, new or changed. Other software asks first whether the portal has it, and then says which of the two
   * it is: between question and answer another call may have handed it in, and there are two. Here the portal itself
   * decides: it is told that the dossier is new, and refuses when that is not so.
   */
  async sync(dossier: PortalDossier, call: Call): Promise<SyncedDossier['change']> {
    const data = [dossierMessage(this.config, dossier, call)];
    const { first, knownCodes, unknownCodes } = this.config;
    let updating = first === 'update';
    let reply = await this.exchange(services.sync, { isUpdating: flag(updating), data }, false, call);
    const otherWay = updating ? unknownCodes : knownCodes;
    if (otherWay.includes(codeOf(reply) ?? '')) {
      updating = !updating;
      reply = await this.exchange(services.sync, { isUpdating: flag(updating), data }, false, call);
    }
    this.accepted(reply, false, call);
    return updating ? 'updated' : 'created';
  }

  /** What became of handing in: `as-sent` when the portal has just that, `otherwise` when it has the dossier otherwise. */
  async findSynced(dossier: PortalDossier, call: Call): Promise<'as-sent' | 'otherwise' | 'unknown'> {
    const record = (await this.records(dossierCodeOf(call), call)).at(-1);
    if (!record) return 'unknown';
    return agrees(dossierMessage(this.config, dossier, call), record) ? 'as-sent' : 'otherwise';
  }

  /** Says whether the portal knows the dossier. */
  async progress(progress: Progress, call: Call): Promise<boolean> {
    const data = [progressMessage(progress, call)];
    const reply = await this.exchange(services.progress, { data }, false, call);
    if (this.config.unknownCodes.includes(codeOf(reply) ?? '')) return false;
    this.accepted(reply, false, call);
    return true;
  }

  /** Whether the portal has this step of the dossier already: by time, state and officer. */
  async hasProgress(progress: Progress, call: Call): Promise<boolean> {
    const { ThoiDiemXuLy, TrangThai, NguoiXuLy } = progressMessage(progress, call);
    const records = await this.records(progress.dossier, call);
    return records.some((record) =>
      this.steps(record, call).some((step) => agrees({ ThoiDiemXuLy, TrangThai, NguoiXuLy }, step)),
    );
  }

  /** The dossier; undefined when the portal has none by this code. Of several the latest, with a warning. */
  async find(dossier: string, call: Call): Promise<FoundDossier | undefined> {
    const records = await this.records(dossier, call);
    const record = records.at(-1);
    if (!record) return undefined;
    const state = this.state(record['TrangThaiHoSo'], call);
    const kind = parseApplicantCode(this.config.applicantCodes, textOf(record['LoaiDoiTuong']) ?? '');
    return {
      dossier,
      state,
      stateName: dossierStateTable[state].name.vi,
      procedure: textOf(record['MaTTHC']),
      procedureName: textOf(record['TenTTHC']),
      applicantKind: kind.ok ? kind.value : undefined,
      applicantName: textOf(record['ChuHoSo']),
      receivedAt: this.time(record['NgayTiepNhan'], call),
      dueAt: this.time(record['NgayHenTra'], call),
      progress: this.steps(record, call).map((step) => this.step(step, call)),
      warnings: records.length > 1 ? ['duplicate-records'] : [],
    };
  }

  /** All procedures of the national database, kept for a while. */
  async procedures(call: Call): Promise<ListedProcedure[]> {
    if (this.kept && this.kept.until > Date.now()) return this.kept.procedures;
    const list = await this.list(services.procedures, {}, call);
    const procedures = list.map((entry) => {
      const [code, name] = [textOf(entry['MATTHC']), textOf(entry['TENTTHC'])];
      if (!code || !name) throw this.invalid(call, missing('MATTHC, TENTTHC'), true);
      return { code, name };
    });
    this.kept = { procedures, until: Date.now() + this.config.catalogueMs };
    return procedures;
  }

  private async records(dossier: string, call: Call): Promise<Json[]> {
    const records = await this.list(services.lookUp, { mahoso: dossier }, call);
    if (records.every((record) => record['MaHoSo'] === dossier)) return records;
    throw this.invalid(call, { en: 'the answer is about another dossier', vi: 'phản hồi thuộc về hồ sơ khác' }, true);
  }

  /** `result` of a question; empty when the portal says that there is no such dossier. */
  private async list(service: Service, fields: object, call: Call): Promise<Json[]> {
    const reply = await this.exchange(service, fields, true, call);
    if (this.config.unknownCodes.includes(codeOf(reply) ?? '')) return [];
    this.accepted(reply, true, call);
    const result: unknown = reply['result'] ?? [];
    if (!Array.isArray(result)) throw this.invalid(call, missing('result'), true);
    return result.map(recordOf);
  }

  private steps(record: Json, call: Call): Json[] {
    const steps: unknown = record['QuaTrinhXuLy'];
    if (!Array.isArray(steps)) throw this.invalid(call, missing('QuaTrinhXuLy'), true);
    return steps.map(recordOf);
  }

  private step(step: Json, call: Call): ProgressStep {
    const processedAt = this.time(step['ThoiDiemXuLy'], call);
    if (!processedAt) throw this.invalid(call, missing('ThoiDiemXuLy'), true);
    return {
      state: this.state(step['TrangThai'], call),
      processedAt,
      officerName: textOf(step['NguoiXuLy']),
      department: textOf(step['PhongBanXuLy']),
      content: textOf(step['NoiDungXuLy']),
    };
  }

  private state(code: unknown, call: Call): DossierState {
    const state = parseDossierState(textOf(code) ?? '');
    if (state.ok) return state.value;
    throw this.invalid(call, missing('TrangThaiHoSo'), true);
  }

  private time(value: unknown, call: Call): string | undefined {
    const text = textOf(value);
    const time = text === undefined ? undefined : parseDate(text, 'yyyyMMddHHmmss');
    if (time?.ok === false) throw this.invalid(call, missing('yyyyMMddHHmmss'), true);
    return time?.value;
  }

  /** One call. A session that is refused did nothing yet: after a new one even a command may be sent again. */
  private async exchange(service: Service, fields: object, repeatable: boolean, call: Call): Promise<Json> {
    const reply = await this.post(service, fields, repeatable, call);
    if (!this.config.sessionCodes.includes(codeOf(reply) ?? '') || !this.sessions.drop()) return reply;
    return this.post(service, fields, repeatable, call);
  }

  private async post(service: Service, fields: object, repeatable: boolean, call: Call): Promise<Json> {
    const session = await this.sessions.get(call);
    const json = { session, madonvi: this.config.unit, service, ...fields };
    return recordOf((await this.rest.json(call, { path: this.config.servicePath, json, repeatable })).json);
  }

  /** Opens a session. The portal does not say how long it is good; it refuses it when it is not. */
  private async open(call: UpstreamCall): Promise<{ token: string; validMs: number }> {
    const { authPath: path, username, password, sessionMs: validMs } = this.config;
    const reply = recordOf((await this.rest.json(call, { path, json: { username, password } })).json);
    const [code, session] = [codeOf(reply), textOf(reply['session'])];
    if (code !== undefined && !isDone(code)) {
      this.runtime.log.error({ upstreamCode: code }, 'the national portal refuses our user');
      throw upstreamFault({ code });
    }
    if (code === undefined || !session) throw this.rest.http.invalid(call, missing('session'));
    return { token: session, validMs };
  }

  /** @throws BusError what a code other than success means. The portal's words go to the caller only: they may name people */
  private accepted(reply: Json, repeatable: boolean, call: Call): void {
    const code = codeOf(reply);
    if (code === undefined) throw this.invalid(call, missing('error_code'), repeatable);
    if (isDone(code)) return;
    const { sessionCodes, transitionCodes, faultCodes } = this.config;
    const message = textOf(reply['message']);
    if (sessionCodes.includes(code)) {
      this.runtime.log.error({ upstreamCode: code }, 'the national portal refuses a new session');
      throw upstreamFault({ code, message });
    }
    if (faultCodes.includes(code)) throw upstreamFault({ code, message });
    const errors = transitionCodes.includes(code) ? [illegalState(call)] : fieldsNamed(message, call.language);
    throw new BusError('upstream-rejected', { upstream: { code, message }, errors });
  }

  private invalid(call: Call, why: Text, repeatable: boolean): BusError {
    return this.rest.http.invalid(call, why, repeatable);
  }
}

function illegalState({ language }: Call) {
  const en = 'may not follow the state in which the portal has the dossier';
  const message = { en, vi: 'không được tiếp sau trạng thái hiện tại của hồ sơ trên Cổng' }[language];
  return { path: '/state', rule: 'dossier-transition', message };
}

const flag = (updating: boolean): string => (updating ? 'True' : 'False');

/** `00` of services, 0 of the session. */
const isDone = (code: string): boolean => /^0{1,2}$/.test(code);
const codeOf = (reply: Json): string | undefined => textOf(reply['error_code']);

const missing = (field: string): Text => ({
  en: `the answer lacks ${field}, or it is not valid`,
  vi: `phản hồi thiếu ${field} hoặc giá trị không hợp lệ`,
});

function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
