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
  withPartner,
  type Call,
} from '#lgsp/kit';
import { parseAnyDate, parsePartialDate, sexCodes } from '#lgsp/vietnam';
import { HealthInsuranceConfig, type PathName } from './health-insurance.config';
import {
  cancelMessage,
  cardMessage,
  fieldsNamed,
  householdQuestion,
  personQuestion,
  wire,
} from './health-insurance.form.upstream';
import type {
  CardCancellation,
  CardReceipt,
  CardStatus,
  ChildCardRequest,
  Household,
  HouseholdMember,
  HouseholdQuestion,
  InsuredPerson,
  InsuredPersonQuestion,
} from './health-insurance.messages';

type Json = Record<string, unknown>;

const messageLengthMax = 500;

/**
 * Vietnam Social Security behind the façade of the national platform: JSON posted with a token, and in some provinces the header
 * `lgspaccesstoken` beside it. Every reply says `trangThai`; one that refuses says `errorCode`, with HTTP 200.
 */
@Injectable()
export class HealthInsuranceUpstream {
  private readonly rest: RestUpstream;

  constructor(
    private readonly config: HealthInsuranceConfig,
    private readonly runtime: UpstreamRuntime,
  ) {
    const { baseUrl, paths, consumerKey, consumerSecret } = config;
    const token = new ClientCredentialsAuth(runtime, { baseUrl, path: paths.token, consumerKey, consumerSecret });
    this.rest = new RestUpstream(runtime, baseUrl, withPartner(token, config.partner));
  }

  /** `getMaSoBhxhTheoTieuChi`: all people who fit; none when there is nobody. */
  async people(question: InsuredPersonQuestion, call: Call): Promise<InsuredPerson[]> {
    const reply = await this.ask('number', personQuestion(question), call);
    return reply ? this.listOf(reply, wire.reply.data, call).map((person) => this.person(person, call)) : [];
  }

  /** `getTraCuuTtHgdByMaSoBhxh`, `getTraCuuThongTinHgd`; undefined when there is no such household. */
  async household(question: HouseholdQuestion, call: Call): Promise<Household | undefined> {
    const path = question.by === 'insurance-number' ? 'householdOf' : 'household';
    const reply = await this.ask(path, householdQuestion(question), call);
    if (!reply) return undefined;
    const names = wire.household;
    const data = recordOf(reply[wire.reply.data]);
    const householdCode = textOf(data[names.code]);
    const members = this.listOf(data, names.members, call).map((member) => this.member(member, call));
    const isAsked =
      question.by === 'household-code'
        ? householdCode === question.value
        : members.some(({ insuranceNumber }) => insuranceNumber === question.value);
    // What comes is not believed to be the one that was asked for: these are other people's names.
    if (!householdCode || !isAsked) throw this.invalid(call, names.code);
    return { householdCode, head: textOf(data[names.head]), address: textOf(data[names.address]), members };
  }

  async request(request: ChildCardRequest, call: Call): Promise<CardReceipt> {
    call.linkedDossier = request.interAgencyDossier;
    await this.send('card', cardMessage(request, call), call);
    return { reference: commandReference(call), state: 'received' };
  }

  /** Says whether there is such a card; cancelled before is as good as cancelled now. */
  async cancel(cancellation: CardCancellation, call: Call): Promise<boolean> {
    const { notFoundCodes, cancelledCodes } = this.config;
    const understood = [...notFoundCodes, ...cancelledCodes];
    const code = await this.send('cancelCard', cancelMessage(cancellation, call), call, understood);
    return code === undefined || cancelledCodes.includes(code);
  }

  /** Where the request for a card stands; undefined when the system has none by this reference. */
  async status(reference: string, call: Call): Promise<CardStatus | undefined> {
    const reply = await this.ask('cardStatus', { [wire.card.reference]: reference }, call);
    if (!reply) return undefined;
    const names = wire.card;
    const record = recordOf(reply[wire.reply.data]);
    const state = this.config.cardStates[textOf(record[names.state]) ?? ''];
    if (textOf(record[names.reference]) !== reference) throw this.invalid(call, names.reference);
    // Whether a child is insured is not guessed.
    if (!state) throw this.invalid(call, names.state);
    const cardNumber = textOf(record[names.cardNumber]);
    if (state === 'issued' && !cardNumber) throw this.invalid(call, names.cardNumber);
    return {
      reference,
      state,
      insuranceNumber: textOf(record[names.insuranceNumber]),
      cardNumber,
      validFrom: this.moment(record, names.validFrom, call)?.slice(0, 10),
      validTo: this.moment(record, names.validTo, call)?.slice(0, 10),
      updatedAt: this.moment(record, names.updatedAt, call),
      note: textOf(record[names.note])?.slice(0, messageLengthMax),
    };
  }

  private person(record: Json, call: Call): InsuredPerson {
    const { insuranceNumber, ...member } = this.member(record, call);
    if (!insuranceNumber) throw this.invalid(call, wire.person.insuranceNumber);
    const { fullName, birthDate, sex } = member;
    return { insuranceNumber, fullName, birthDate, sex, householdCode: textOf(record[wire.person.household]) };
  }

  private member(record: Json, call: Call): HouseholdMember {
    const names = wire.person;
    const fullName = textOf(record[names.fullName]);
    if (!fullName) throw this.invalid(call, names.fullName);
    const sex = sexCodes.socialInsurance.wordOf(record[names.sex]);
    return {
      insuranceNumber: textOf(record[names.insuranceNumber]),
      fullName,
      birthDate: this.birthDate(textOf(record[names.birthDate]), call),
      sex: sex.ok ? sex.value : undefined,
      relation: textOf(record[names.relation]),
    };
  }

  /** `yyyyMMdd`, `yyyyMM` or `yyyy`. */
  private birthDate(text: string | undefined, call: Call): string | undefined {
    if (text === undefined) return undefined;
    const [year, month, day] = [text.slice(0, 4), text.slice(4, 6), text.slice(6)];
    const parsed = parsePartialDate([year, month, day].filter((part) => part !== '').join('-'));
    if (!parsed.ok) throw this.invalid(call, wire.person.birthDate);
    return parsed.value;
  }

  private moment(record: Json, field: string, call: Call): string | undefined {
    const text = textOf(record[field]);
    const parsed = text === undefined ? undefined : parseAnyDate(text);
    if (parsed?.ok === false) throw this.invalid(call, field);
    return parsed?.value;
  }

  private listOf(record: Json, field: string, call: Call): Json[] {
    const list = record[field];
    if (!Array.isArray(list)) throw this.invalid(call, field);
    return list.map(recordOf);
  }

  /** A question: the reply of success; undefined when the system says that there is none such. */
  private async ask(path: PathName, json: Json, call: Call): Promise<Json | undefined> {
    const reply = recordOf(
      (await this.rest.json(call, { path: this.config.paths[path], json, repeatable: true })).json,
    );
    const code = this.codeOf(reply, call, true);
    if (code === undefined) return reply;
    if (this.config.notFoundCodes.includes(code)) return undefined;
    throw this.refusal(code, reply, call);
  }

  /** A command. @param understood codes that the caller of this method reads itself */
  private async send(path: PathName, json: Json, call: Call, understood: string[] = []): Promise<string | undefined> {
    const reply = recordOf((await this.rest.json(call, { path: this.config.paths[path], json })).json);
    const code = this.codeOf(reply, call, false);
    if (code === undefined || understood.includes(code)) return code;
    throw this.refusal(code, reply, call);
  }

  /** The error code of a reply; undefined when it says that it is done. */
  private codeOf(reply: Json, call: Call, repeatable: boolean): string | undefined {
    const state = textOf(reply[wire.reply.state]);
    if (state === undefined) throw this.invalid(call, wire.reply.state, repeatable);
    if (this.config.okStates.includes(state)) return undefined;
    const code = textOf(reply[wire.reply.code]);
    if (code === undefined || !/^[\w-]{1,30}$/.test(code)) throw this.invalid(call, wire.reply.code, repeatable);
    return code;
  }

  /** What another code means. The system's words go to the caller only: they may name people. */
  private refusal(code: string, reply: Json, { language }: Call): BusError {
    const message = textOf(reply[wire.reply.message])?.slice(0, messageLengthMax);
    if (this.config.credentialCodes.includes(code))
      this.runtime.log.error({ upstreamCode: code }, 'Vietnam Social Security refuses our access');
    return refusalOf({ code, message }, this.config, fieldsNamed(message, language));
  }

  private invalid(call: Call, field: string, repeatable = true): BusError {
    const why: Text = { en: `the answer lacks a readable ${field}`, vi: `phản hồi thiếu ${field} đọc được` };
    return this.rest.http.invalid(call, why, repeatable);
  }
}
