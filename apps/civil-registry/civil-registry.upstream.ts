import { Injectable } from '@nestjs/common';
import { BusError, type Text } from '#lgsp/errors';
import { ClientCredentialsAuth, RestUpstream, ruleMessage, UpstreamRuntime, type Call } from '#lgsp/kit';
import type { CommandProgress, FollowedCommand } from '#lgsp/progress';
import { dossierStateCodeOf, formatDate, nowInVietnam, type ForeignStateList } from '#lgsp/vietnam';
import { CivilRegistryConfig } from './civil-registry.config';
import { formOf, isoOf, toJsonText, toXmlText, type FormField } from './civil-registry.form.upstream';
import type {
  Attachment,
  CatalogueItem,
  CatalogueName,
  DossierState,
  DossierStatus,
  Register,
  RegistryDocument,
  RegistryDossier,
} from './civil-registry.messages';
import { notFoundCode, refusalOf } from './civil-registry.refusal.upstream';

type Json = Record<string, unknown>;

/** Where a dossier stands, with the registry's own code of its state. */
type RawStatus = DossierStatus & { raw: string };

/** Modules of the linked API. */
const modules = { birth: 'LTKS', death: 'LTKT', marriage: 'LTKH' } as const;
type LinkedRegister = keyof typeof modules;
const linkedList = 'civil-registry/linked';
const stateLists = {
  birth: linkedList,
  death: linkedList,
  marriage: linkedList,
  'marital-status': 'civil-registry/older',
} as const satisfies Record<Register, ForeignStateList>;

/** `trangThai` of the linked API, and of the registry API: the same numbers mean different things. */
const linkedStates: Record<string, DossierState> = {
  '1': 'waiting',
  '2': 'needs-supplement',
  '3': 'processing',
  '4': 'completed',
  '6': 'refused',
};
const registryStates: Record<string, DossierState> = {
  '1': 'waiting',
  '2': 'needs-supplement',
  '3': 'eligible',
  '4': 'completed',
};
/** What comes after which nothing comes any more. */
const finalStates: ReadonlySet<DossierState> = new Set(['completed', 'refused']);
const catalogueKinds: Record<CatalogueName, number> = {
  nationalities: 1,
  countries: 2,
  'ethnic-groups': 3,
  provinces: 4,
  'identity-documents': 5,
};
const notesLengthMax = 1_000;

/**
 * The civil registry of the Ministry of Justice ("158") behind its façade. Linked births, deaths and marriages travel as JSON
 * in a JSON string, the rest as XML in a JSON string; two dossier codes go together.
 */
@Injectable()
export class CivilRegistryUpstream {
  private readonly rest: RestUpstream;
  private readonly kept = new Map<CatalogueName, { items: CatalogueItem[]; until: number }>();

  constructor(
    private readonly config: CivilRegistryConfig,
    private readonly runtime: UpstreamRuntime,
  ) {
    const { baseUrl, tokenPath: path, consumerKey, consumerSecret } = config;
    this.rest = new RestUpstream(
      runtime,
      baseUrl,
      new ClientCredentialsAuth(runtime, { baseUrl, path, consumerKey, consumerSecret }),
    );
  }

  /** Hands a dossier in: `nhanHoSoDKHT` for linked ones, `dangKyHoTich` for those of the older kind. */
  async submit(register: Register, dossier: RegistryDossier, call: Call): Promise<void> {
    const form = formOf(register, dossier);
    const common = { maDonVi: this.unitOf(call.agency, call), ngayTiepNhan: receivedNow() };
    if (register === 'marital-status') {
      const older = { module: this.config.maritalModule, maHoSo: dossierOf(call), data: toXmlText(form) };
      return this.post(call, `${this.config.registryPath}/dangKyHoTich`, { ...common, ...older }, form);
    }
    call.linkedDossier = dossier.interAgencyDossier;
    const linked = {
      module: modules[register],
      maHoSoLT: dossier.interAgencyDossier ?? '',
      maHoSoMCDT: dossierOf(call),
      data: toJsonText(form),
      fileDinhKem: (dossier.attachments ?? []).map(attachmentPart),
    };
    return this.post(call, `${this.config.linkedPath}/nhanHoSoDKHT`, { ...common, ...linked }, form);
  }

  /** Where a dossier stands; undefined when the registry says that it has none by this code. */
  async find(register: Register, dossier: string, call: Call): Promise<DossierStatus | undefined> {
    const found =
      register === 'marital-status'
        ? await this.findInRegistry(dossier, call, call)
        : (await this.findLinked(register, [dossier], call))[0];
    if (!found) return undefined;
    const { raw: _raw, ...status } = found;
    return status;
  }

  /** Where dossiers of one register stand, of those that the registry has: linked ones in one question, older ones one by one. */
  async progress(register: Register, commands: FollowedCommand[], call: Call): Promise<CommandProgress[]> {
    const [list, askedAt] = [stateLists[register], nowInVietnam(new Date())];
    const found = await this.dossiers(register, commands, call);
    return commands.flatMap(({ transactionId, dossier }) => {
      const status = dossier === undefined ? undefined : found.get(dossier);
      if (!status) return [];
      const { raw: upstreamState, state, interAgencyDossier: linkedDossier, updatedAt: at = askedAt } = status;
      const portalState = dossierStateCodeOf(list, upstreamState);
      const final = finalStates.has(state);
      const told = { reference: status.dossier, dossier, linkedDossier, state, upstreamState, portalState, final, at };
      return [{ transactionId, ...told }];
    });
  }

  private async dossiers(register: Register, commands: FollowedCommand[], call: Call): Promise<Map<string, RawStatus>> {
    const named = commands.filter(({ dossier }) => dossier !== undefined);
    const all =
      register === 'marital-status'
        ? await Promise.all(named.map(({ dossier, agency }) => this.findInRegistry(dossier!, { agency }, call)))
        : await this.findLinked(register, [...new Set(named.map(({ dossier }) => dossier!))], call);
    return new Map(all.filter((status) => status !== undefined).map((status) => [status.dossier, status]));
  }

  /** `danhMuc`: a catalogue, kept for a while. */
  async catalogue(name: CatalogueName, call: Call): Promise<CatalogueItem[]> {
    const kept = this.kept.get(name);
    if (kept && kept.until > Date.now()) return kept.items;
    const reply = await this.ask(call, `${this.config.registryPath}/danhMuc`, { loaiDanhMuc: catalogueKinds[name] });
    const list: unknown = parsed(reply['value']);
    if (!Array.isArray(list)) throw this.invalid(call, 'value');
    const items = (list as Json[]).map(({ ma, ten }) => ({ code: String(ma), name: String(ten) }));
    this.kept.set(name, { items, until: Date.now() + this.config.catalogueMs });
    return items;
  }

  /** `LayKetQua`. @param dossiers three at most */
  private async findLinked(register: LinkedRegister, dossiers: string[], call: Call): Promise<RawStatus[]> {
    if (dossiers.length === 0) return [];
    const body = { maDinhDanhHoSo: dossiers, maTinh: this.config.province, module: modules[register] };
    const reply = await this.ask(call, `${this.config.linkedPath}/LayKetQua`, body);
    if (!Array.isArray(reply['value'])) throw this.invalid(call, 'value');
    const own = (reply['value'] as Json[]).filter(({ maHoSoMCDT }) => dossiers.includes(String(maHoSoMCDT)));
    return own.map((found) => this.linkedStatus(found, call));
  }

  private linkedStatus(found: Json, call: Call): RawStatus {
    const raw = String(found['trangThai']);
    const state = linkedStates[raw];
    if (!state) throw this.invalid(call, 'trangThai');
    const result = (found['ketQuaXuLy'] ?? {}) as Json;
    return {
      raw,
      dossier: String(found['maHoSoMCDT']),
      interAgencyDossier: text(found['maHoSoLT']),
      state,
      updatedAt: isoOf(found['thoiGianThucHien']),
      note: (text(found['noiDungXuLy']) ?? text(found['ghiChu']))?.slice(0, notesLengthMax),
      supplementDueOn: isoOf(found['hanBoSungHoSo'])?.slice(0, 10),
      registeredOn: isoOf(result['ngayDangKy'])?.slice(0, 10),
      personalId: text(result['soDinhDanh']),
      documents: documentsOf(result),
    };
  }

  /** `traTrangThaiHoSo`. @param of whose agency's unit it is */
  private async findInRegistry(
    dossier: string,
    { agency }: Pick<FollowedCommand, 'agency'>,
    call: Call,
  ): Promise<RawStatus | undefined> {
    const body = { maDonVi: this.unitOf(agency, call), maHoSo: dossier };
    const reply = await this.ask(call, `${this.config.registryPath}/traTrangThaiHoSo`, body, notFoundCode);
    if (codeOf(reply) === notFoundCode) return undefined;
    const raw = String(reply['trangThai']);
    const state = registryStates[raw];
    if (!state) throw this.invalid(call, 'trangThai');
    return { raw, dossier, state, note: text(reply['noiDung'])?.slice(0, notesLengthMax), documents: [] };
  }

  /** A command: `status` 1, or a refusal with its fields. Its validation failures come with HTTP 500. */
  private async post(call: Call, path: string, json: object, form: FormField[]): Promise<void> {
    const { status, json: body } = await this.rest.json(call, { path, json, accept: [500] });
    const reply = (body ?? {}) as Json;
    const words = text(reply['errors']) ?? text(reply['errorDescription']) ?? text(reply['statusDescription']);
    if (status === 500 && !text(reply['errors']))
      throw new BusError('upstream-fault', { upstream: { code: 'HTTP 500' } });
    if (status !== 500 && isDone(reply)) return;
    const code = status === 500 ? '500' : codeOf(reply);
    if (code === undefined) throw this.invalid(call, 'status');
    throw this.refusal(code, words, form, call);
  }

  /** A question. @param understood a code that the caller of this method reads itself */
  private async ask(call: Call, path: string, json: object, understood?: string): Promise<Json> {
    const { json: body } = await this.rest.json(call, { path, json, repeatable: true });
    const reply = (typeof body === 'object' && body !== null ? body : {}) as Json;
    if (isDone(reply) || (understood !== undefined && codeOf(reply) === understood)) return reply;
    const code = codeOf(reply);
    if (code === undefined) throw this.invalid(call, 'status');
    throw this.refusal(code, text(reply['errorDescription']) ?? text(reply['statusDescription']), [], call);
  }

  private refusal(code: string, words: string | undefined, form: FormField[], call: Call): BusError {
    const error = refusalOf(code, words, form, call.language);
    if (error.code === 'upstream-fault') {
      this.runtime.log.error({ upstreamCode: code }, 'the civil registry refuses our credentials or our address');
    }
    return error;
  }

  /** `maDonVi` of an agency. */
  private unitOf(agency: string | undefined, call: Call): number {
    const unit = this.config.units[agency ?? ''] ?? this.config.defaultUnit;
    if (unit !== undefined) return unit;
    const message = {
      en: 'has no unit code of the Ministry of Justice: the operator must add it',
      vi: 'chưa có mã đơn vị của Bộ Tư pháp: đề nghị người vận hành bổ sung',
    }[call.language];
    throw new BusError('missing-context', { errors: [{ path: 'Lgsp-Agency', rule: 'agency-unit', message }] });
  }

  private invalid(call: Call, field: string): BusError {
    const why: Text = { en: `the answer lacks a readable ${field}`, vi: `phản hồi thiếu ${field} đọc được` };
    return this.rest.http.invalid(call, why);
  }
}

/** The code of the caller's dossier, which is the registry's key for it. */
export function dossierOf(call: Call): string {
  if (call.dossier) return call.dossier;
  const message = ruleMessage('required')[call.language];
  throw new BusError('missing-context', { errors: [{ path: 'Lgsp-Dossier', rule: 'required', message }] });
}

function receivedNow(): string {
  const written = formatDate(nowInVietnam(new Date()), 'dd/MM/yyyy HH:mm:ss');
  if (!written.ok) throw new BusError('internal');
  return written.value;
}

const attachmentPart = ({ kind, name, fileName, content }: Attachment, index: number): object => ({
  id: index + 1,
  loaiGiayTo: kind,
  tenGiayTo: name,
  tenTepDinhKem: fileName,
  huyGiayTo: 0,
  duLieuTepDinhKem: content,
});

const certificates: readonly (readonly [string, string])[] = [
  ['giayKhaiSinh', 'Giấy khai sinh'],
  ['trichLucKhaiTu', 'Trích lục khai tử'],
  ['giayChungNhanKetHon', 'Giấy chứng nhận kết hôn'],
];

function documentsOf(result: Json): RegistryDocument[] {
  return certificates.flatMap(([field, name]) => {
    const content = text(result[field]);
    return content ? [{ name, mediaType: 'application/pdf', content }] : [];
  });
}

const isDone = ({ status }: Json): boolean => status === 1 || status === '1';
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

function codeOf(reply: Json): string | undefined {
  const code = reply['errorCode'];
  return typeof code === 'number' || (typeof code === 'string' && /^\d{1,5}$/.test(code)) ? String(code) : undefined;
}

/** JSON within a JSON string; undefined when it is none, and the caller answers `upstream-invalid`. */
function parsed(value: unknown): unknown {
  try {
    return typeof value === 'string' ? JSON.parse(value) : undefined;
  } catch {
    return undefined;
  }
}
