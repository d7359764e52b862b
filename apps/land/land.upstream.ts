import { Injectable } from '@nestjs/common';
import { BusError, type Text } from '#lgsp/errors';
import { PasswordGrantAuth, recordOf, refusalOf, RestUpstream, UpstreamRuntime, type Call } from '#lgsp/kit';
import type { CommandProgress, FollowedCommand } from '#lgsp/progress';
import { dossierStateCodeOf, nowInVietnam } from '#lgsp/vietnam';
import { AttachmentReader, type ReadAttachment } from './attachment.reader';
import { LandConfig } from './land.config';
import {
  faultyMessage,
  fieldsNamed,
  markOf,
  parcelMessage,
  receiptNumberOf,
  returnedMessage,
  submissionMessage,
  supplementMessage,
} from './land.form.upstream';
import type {
  FaultyResult,
  LandDossier,
  LandDossierReceipt,
  LandState,
  LandType,
  LegalStatus,
  NewLandDossier,
  Parcel,
  ParcelQuestion,
  ReturnedResult,
  Supplement,
} from './land.messages';

type Json = Record<string, unknown>;

interface Reply {
  done: boolean;
  code: string;
  message?: string;
  data: unknown;
}

/** In these words a client in production knows a dossier that was handed in before. */
const alreadyWords = /đã tồn tại/i;

/**
 * The land system of the province: VBDLIS, or iLIS, which speaks the same under other paths and with a token. Each reply is
 * `{data, status}`; a refusal comes with HTTP 200.
 */
@Injectable()
export class LandUpstream {
  private readonly rest: RestUpstream;
  private readonly states: ReadonlyMap<string, LandState>;
  private readonly legalStatuses: ReadonlyMap<string, LegalStatus>;

  constructor(
    private readonly config: LandConfig,
    private readonly runtime: UpstreamRuntime,
    private readonly attachments: AttachmentReader,
  ) {
    this.rest = new RestUpstream(runtime, config.baseUrl, authOf(config, runtime));
    this.states = codeMap<LandState>(config.states);
    this.legalStatuses = codeMap<LegalStatus>(config.legalStatuses);
  }

  /** Hands a dossier in. One that the land system has by this number already is kept there as it is, and told so. */
  async submit(dossier: NewLandDossier, call: Call): Promise<LandDossierReceipt> {
    const files = await this.attachments.read(dossier.attachments, call);
    const message = submissionMessage(this.config, dossier, files, call);
    const { done } = await this.command(this.config.submitPath, message, call);
    if (done) return sentWith(receiptNumberOf(call), files, 'received');
    const found = await this.findSubmitted(call);
    if (found) return { ...found, alreadyThere: true };
    const detail = { en: 'the dossier is said to be there, and not to be', vi: 'hồ sơ được báo vừa có vừa không' };
    throw new BusError('upstream-invalid', { detail });
  }

  async supplement(supplement: Supplement, call: Call): Promise<LandDossier> {
    const files = await this.attachments.read(supplement.attachments, call);
    const reply = await this.command(this.config.supplementPath, supplementMessage(supplement, files, call), call);
    if (!reply.done) throw this.refusal(reply, call);
    return sentWith(supplement.receiptNumber, files, 'processing');
  }

  /** A result that was returned before is returned. */
  async reportReturned(result: ReturnedResult, call: Call): Promise<LandDossier> {
    await this.command(this.config.returnedPath, returnedMessage(result), call);
    return { receiptNumber: result.receiptNumber, state: 'returned' };
  }

  async returnFaulty(result: FaultyResult, call: Call): Promise<LandDossier> {
    const files = await this.attachments.read(result.attachments, call);
    const reply = await this.command(this.config.faultyPath, faultyMessage(result, files, call), call);
    if (!reply.done) throw this.refusal(reply, call);
    return sentWith(result.receiptNumber, files, 'processing');
  }

  /** The dossier of the call's context, if it was handed in. */
  findSubmitted(call: Call): Promise<LandDossier | undefined> {
    return this.find(receiptNumberOf(call), call);
  }

  /** Where dossiers stand, of those that the land system has. It ends when the citizen has the result. */
  async progress(commands: FollowedCommand[], call: Call): Promise<CommandProgress[]> {
    const at = nowInVietnam(new Date());
    const named = commands.filter(({ dossier }) => dossier !== undefined);
    const found = await Promise.all(named.map(({ dossier }) => this.history(dossier!, call)));
    return found.flatMap((history, index) => {
      if (!history) return [];
      const { transactionId } = named[index]!;
      const { receiptNumber: reference, state } = history.dossier;
      const { raw: upstreamState } = history;
      const portalState = dossierStateCodeOf('land/dossier', upstreamState);
      const final = state === 'returned';
      return [{ transactionId, reference, dossier: reference, state, upstreamState, portalState, final, at }];
    });
  }

  /** The dossier, if its history holds what the command of this call has written. */
  async findMarked(receiptNumber: string, call: Call): Promise<LandDossier | undefined> {
    const mark = markOf(receiptNumber, call);
    const found = await this.history(receiptNumber, call);
    return found?.notes.some((note) => note.includes(mark)) ? found.dossier : undefined;
  }

  /** A dossier with its state; undefined when the land system says that it has none by this number. */
  async find(receiptNumber: string, call: Call): Promise<LandDossier | undefined> {
    return (await this.history(receiptNumber, call))?.dossier;
  }

  private async history(receiptNumber: string, call: Call) {
    const reply = await this.ask(this.config.lookUpPath, { SoBienNhan: receiptNumber }, call);
    if (!reply) return undefined;
    const record = recordOf(reply.data);
    if (record['SoBienNhan'] !== receiptNumber) throw this.invalid(call, missing('SoBienNhan'), true);
    const raw = textOf(record['TrangThai']) ?? '';
    const state = this.states.get(raw);
    if (!state) throw this.invalid(call, missing('TrangThai'), true);
    const entries: unknown = record['LichSu'] ?? [];
    if (!Array.isArray(entries)) throw this.invalid(call, missing('LichSu'), true);
    const notes = entries.map((entry) => textOf(recordOf(entry)['GhiChu'])).filter((note) => note !== undefined);
    return { dossier: { receiptNumber, state }, raw, notes };
  }

  /** The parcel as it is today; undefined when there is none by these numbers. */
  async findParcel(question: ParcelQuestion, call: Call): Promise<Parcel | undefined> {
    const reply = await this.ask(this.config.parcelPath, parcelMessage(this.config, question), call);
    if (!reply) return undefined;
    if (!Array.isArray(reply.data)) throw this.invalid(call, missing('data'), true);
    // Former versions of a parcel are told with it.
    const [current, another] = reply.data.map(recordOf).filter(({ isLastest }) => isLastest !== false);
    if (another) {
      const why = { en: 'the answer holds several parcels', vi: 'phản hồi có nhiều thửa đất' };
      throw this.invalid(call, why, true);
    }
    return current && this.parcel(current, question, call);
  }

  private parcel(json: Json, question: ParcelQuestion, call: Call): Parcel {
    const { communeCode, mapSheetNumber, parcelNumber } = question;
    const told = [json['xaId'], json['soHieuToBanDo'], json['soThuTuThua']].map(textOf);
    if (told.map(plainNumber).join() !== [communeCode, mapSheetNumber, parcelNumber].map(plainNumber).join()) {
      const why = { en: 'the answer is about another parcel', vi: 'phản hồi thuộc về thửa đất khác' };
      throw this.invalid(call, why, true);
    }
    const areaSquareMetres = areaOf(json['dienTich']);
    if (areaSquareMetres === undefined) throw this.invalid(call, missing('dienTich'), true);
    const uses: unknown = json['ListMucDichSuDung'] ?? [];
    if (!Array.isArray(uses)) throw this.invalid(call, missing('ListMucDichSuDung'), true);
    const legalStatusCode = textOf(json['tinhTrangPhapLy']);
    return {
      communeCode,
      mapSheetNumber,
      parcelNumber,
      areaSquareMetres,
      address: textOf(json['diaChi']),
      landTypes: uses.map((use) => this.landType(recordOf(use), call)),
      legalStatus: this.legalStatuses.get(legalStatusCode ?? ''),
      legalStatusCode,
    };
  }

  private landType(use: Json, call: Call): LandType {
    const code = textOf(use['loaiMucDichSuDungId']);
    if (!code) throw this.invalid(call, missing('loaiMucDichSuDungId'), true);
    const name = textOf(recordOf(use['LoaiMucDichSuDung'])['tenLoaiMucDichSuDung']);
    return { code, name, areaSquareMetres: areaOf(use['dienTich']) };
  }

  /** A reply that says that it is done, now or already. @throws BusError when it is refused */
  private async command(path: string, message: object, call: Call): Promise<Reply> {
    const reply = await this.exchange(path, message, false, call);
    const already = this.config.alreadyCodes.includes(reply.code) || alreadyWords.test(reply.message ?? '');
    if (reply.done || already) return reply;
    if (this.config.notFoundCodes.includes(reply.code)) throw new BusError('not-found');
    throw this.refusal(reply, call);
  }

  private async ask(path: string, message: object, call: Call): Promise<Reply | undefined> {
    const reply = await this.exchange(path, message, true, call);
    if (reply.done) return reply;
    if (this.config.notFoundCodes.includes(reply.code)) return undefined;
    throw this.refusal(reply, call);
  }

  private async exchange(path: string, json: object, repeatable: boolean, call: Call): Promise<Reply> {
    const body = recordOf((await this.rest.json(call, { path, json, repeatable })).json);
    const { success, code, message } = recordOf(body['status']);
    const { data } = body;
    if (typeof success !== 'boolean') throw this.invalid(call, missing('status'), repeatable);
    // What is done by a command is counted in `data`: nothing done is no success, whatever the status says.
    const done = success && (repeatable || data === 1);
    return { done, code: textOf(code) ?? 'no-code', message: textOf(message), data };
  }

  /** What a refusal means. Its words go to the caller only: they may name people. */
  private refusal({ code, message }: Reply, { language }: Call): BusError {
    if (this.config.credentialCodes.includes(code))
      this.runtime.log.error({ upstreamCode: code }, 'the land system refuses us');
    return refusalOf({ code, message }, this.config, fieldsNamed(message, language));
  }

  private invalid(call: Call, why: Text, repeatable: boolean): BusError {
    return this.rest.http.invalid(call, why, repeatable);
  }
}

const sentWith = (receiptNumber: string, files: readonly ReadAttachment[], state: LandState): LandDossier => ({
  receiptNumber,
  state,
  attachments: files.map(({ fileName, sizeBytes, sha256 }) => ({ fileName, sizeBytes, sha256 })),
});

function authOf(config: LandConfig, runtime: UpstreamRuntime): PasswordGrantAuth | undefined {
  if (config.auth === 'none') return undefined;
  const { tokenUrl = '', username = '', password = '', clientId = '', clientSecret = '' } = config;
  const { origin: baseUrl, pathname: path } = new URL(tokenUrl);
  return new PasswordGrantAuth(runtime, { baseUrl, path, username, password, clientId, clientSecret });
}

/** `1=received` → 1: received. */
const codeMap = <T extends string>(pairs: readonly string[]): ReadonlyMap<string, T> =>
  new Map(pairs.map((pair) => pair.split('=') as [string, T]));

const missing = (field: string): Text => ({
  en: `the answer lacks ${field}, or it is not valid`,
  vi: `phản hồi thiếu ${field} hoặc giá trị không hợp lệ`,
});

function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Numbers on maps are filled up with zeros by some. */
const plainNumber = (text: string | undefined): string | undefined => text?.replace(/^0+(?=\d)/, '');

/** Square metres, as a number or as text with the Vietnamese comma. */
function areaOf(value: unknown): number | undefined {
  const text = textOf(value)?.replace(',', '.');
  return text !== undefined && /^\d{1,10}(?:\.\d{1,6})?$/.test(text) ? Number(text) : undefined;
}
