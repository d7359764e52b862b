import { Injectable } from '@nestjs/common';
import { BusError, type Text } from '#lgsp/errors';
import {
  ClientCredentialsAuth,
  commandReference,
  recordOf,
  refusalOf,
  RestUpstream,
  textOf,
  UpstreamRuntime,
  type Call,
  type RestRequest,
} from '#lgsp/kit';
import type { CommandProgress, FollowedCommand, PortalState } from '#lgsp/progress';
import { CodeList, nowInVietnam, parseAnyDate } from '#lgsp/vietnam';
import { BudgetCodeConfig } from './budget-code.config';
import { fieldsNamed, requestMessage, wire } from './budget-code.form.upstream';
import type {
  BudgetUnit,
  RequestReceipt,
  RequestState,
  RequestStatus,
  UnitCodeRequest,
  UnitKind,
} from './budget-code.messages';

type Json = Record<string, unknown>;
/** Where a request stands, with the register's own code of its state. */
type RawStatus = RequestStatus & { raw: string };

const portalStates: Record<RequestState, PortalState> = {
  received: 2,
  verifying: 4,
  'needs-supplement': 5,
  issued: 9,
  refused: 3,
};

const messageLengthMax = 500;
const kindsName: Text = {
  en: 'kinds of units of the register of budget codes',
  vi: 'loại hình đơn vị của hệ thống mã số ngân sách',
};

/**
 * The register of budget-relation codes (mã số đơn vị có quan hệ với ngân sách) of the Ministry of Finance, behind the façade of the
 * national platform. Every reply has a result code and a sentence, and HTTP 200 also when it refuses.
 */
@Injectable()
export class BudgetCodeUpstream {
  private readonly rest: RestUpstream;
  private readonly kinds: CodeList<UnitKind, string>;

  constructor(
    private readonly config: BudgetCodeConfig,
    private readonly runtime: UpstreamRuntime,
  ) {
    const { baseUrl, tokenPath: path, consumerKey, consumerSecret } = config;
    const token = new ClientCredentialsAuth(runtime, { baseUrl, path, consumerKey, consumerSecret });
    this.rest = new RestUpstream(runtime, baseUrl, token);
    this.kinds = new CodeList(kindsName, config.unitKinds);
  }

  /** The unit with this code; undefined when there never was one. */
  async unit(code: string, call: Call): Promise<BudgetUnit | undefined> {
    const { units } = await this.lookUp({ [wire.question.code]: code }, call);
    // What comes is not believed to be the one that was asked for; another one does not mean that there is none.
    const found = units.find((unit) => unit.code === code);
    if (!found && units.length > 0) throw this.invalid(call, wire.unit.code);
    return found;
  }

  /** Units whose name holds this text, and whether there are others. */
  async unitsNamed(name: string, limit: number, call: Call): Promise<{ units: BudgetUnit[]; more: boolean }> {
    const { units, total } = await this.lookUp({ [wire.question.name]: name, [wire.question.size]: limit }, call);
    return { units: units.slice(0, limit), more: total > limit };
  }

  async request(request: UnitCodeRequest, call: Call): Promise<RequestReceipt> {
    const json = requestMessage(request, this.kinds.codes[request.kind], call, new Date());
    await this.ask({ path: this.config.requestPath, json }, call);
    return { reference: commandReference(call), state: 'received' };
  }

  /** Where requests stand, of those that the register has. */
  async progress(commands: FollowedCommand[], call: Call): Promise<CommandProgress[]> {
    const askedAt = nowInVietnam(new Date());
    const found = await Promise.all(commands.map((command) => this.find(commandReference(command), call)));
    return found.flatMap((request, index) => {
      if (!request) return [];
      const { transactionId, dossier } = commands[index]!;
      const { reference, state, raw: upstreamState, updatedAt: at = askedAt } = request;
      const portalState = portalStates[state];
      const final = state === 'issued' || state === 'refused';
      return [{ transactionId, reference, dossier, state, upstreamState, portalState, final, at }];
    });
  }

  /** Where a request stands; undefined when the register has none by this reference. */
  async requestStatus(reference: string, call: Call): Promise<RequestStatus | undefined> {
    const found = await this.find(reference, call);
    if (!found) return undefined;
    const { raw: _raw, ...status } = found;
    return status;
  }

  private async find(reference: string, call: Call): Promise<RawStatus | undefined> {
    const query = { [wire.question.reference]: reference };
    const reply = await this.ask({ path: this.config.statusPath, query, repeatable: true }, call);
    if (!reply) return undefined;
    const names = wire.status;
    const record = recordOf(reply[wire.reply.data]);
    const raw = textOf(record[names.state]) ?? '';
    const state = this.config.requestStates[raw];
    if (textOf(record[names.reference]) !== reference) throw this.invalid(call, names.reference);
    if (!state) throw this.invalid(call, names.state);
    return {
      raw,
      reference,
      state,
      unitCode: textOf(record[names.unitCode]),
      issuedOn: this.moment(record, names.issuedOn, call)?.slice(0, 10),
      updatedAt: this.moment(record, names.updatedAt, call),
      note: textOf(record[names.note])?.slice(0, messageLengthMax),
    };
  }

  private async lookUp(query: Record<string, string | number>, call: Call) {
    const { data, count } = wire.reply;
    const reply = await this.ask({ path: this.config.lookUpPath, query, repeatable: true }, call);
    if (!reply) return { units: [], total: 0 };
    const list = reply[data];
    if (!Array.isArray(list)) throw this.invalid(call, data);
    const units = (list as unknown[]).map((unit) => this.readUnit(recordOf(unit), call));
    const total = Number(textOf(reply[count]) ?? units.length);
    if (!(total >= units.length)) throw this.invalid(call, count);
    return { units, total };
  }

  private readUnit(record: Json, call: Call): BudgetUnit {
    const names = wire.unit;
    const [code, name, kindCode] = [names.code, names.name, names.kind].map((field) => textOf(record[field]));
    const state = this.config.unitStates[textOf(record[names.state]) ?? ''];
    if (!code) throw this.invalid(call, names.code);
    if (!name) throw this.invalid(call, names.name);
    // Whether money may still be paid to a code is not guessed.
    if (!state) throw this.invalid(call, names.state);
    const kind = this.kinds.wordOf(kindCode);
    return {
      code,
      name,
      state,
      kind: kind.ok ? kind.value : undefined,
      kindCode,
      chapterCode: textOf(record[names.chapter]),
      parentCode: textOf(record[names.parent]),
      taxCode: textOf(record[names.taxCode]),
      address: textOf(record[names.address]),
      issuedOn: this.moment(record, names.issuedOn, call)?.slice(0, 10),
      closedOn: this.moment(record, names.closedOn, call)?.slice(0, 10),
      successorCode: textOf(record[names.successor]),
    };
  }

  private moment(record: Json, field: string, call: Call): string | undefined {
    const text = textOf(record[field]);
    const parsed = text === undefined ? undefined : parseAnyDate(text);
    if (parsed?.ok === false) throw this.invalid(call, field);
    return parsed?.value;
  }

  /** The reply of success; undefined when the register says that there is no such thing. */
  private async ask(request: RestRequest, call: Call): Promise<Json | undefined> {
    const { successCodes, notFoundCodes } = this.config;
    const reply = recordOf((await this.rest.json(call, request)).json);
    const code = textOf(reply[wire.reply.code]);
    if (code === undefined) throw this.invalid(call, wire.reply.code, request.repeatable === true);
    if (successCodes.includes(code)) return reply;
    if (notFoundCodes.includes(code) && request.repeatable) return undefined;
    throw this.refusal(code, textOf(reply[wire.reply.message])?.slice(0, messageLengthMax), call);
  }

  /** What another code means. The register's words go to the caller only: they may name people. */
  private refusal(code: string, message: string | undefined, { language }: Call): BusError {
    if (this.config.credentialCodes.includes(code))
      this.runtime.log.error({ upstreamCode: code }, 'the register of budget codes refuses our access');
    return refusalOf({ code, message }, this.config, fieldsNamed(message, language));
  }

  private invalid(call: Call, field: string, repeatable = true): BusError {
    const why: Text = { en: `the answer lacks a readable ${field}`, vi: `phản hồi thiếu ${field} đọc được` };
    return this.rest.http.invalid(call, why, repeatable);
  }
}
