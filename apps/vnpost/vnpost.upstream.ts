import { Injectable } from '@nestjs/common';
import { BusError, type Text } from '#lgsp/errors';
import {
  ClientCredentialsAuth,
  commandReference,
  recordOf,
  refusalOf,
  RestUpstream,
  UpstreamRuntime,
  type Call,
} from '#lgsp/kit';
import type { CommandProgress, FollowedCommand } from '#lgsp/progress';
import { nowInVietnam, parseAnyDate, parseTrackingNumber } from '#lgsp/vietnam';
import { VnpostConfig } from './vnpost.config';
import type {
  NewOrder,
  OrderReceipt,
  OrderState,
  OrderTracking,
  TrackingQuestion,
  TrackingWarning,
} from './vnpost.messages';
import { fieldsNamed, orderMessage, wire } from './vnpost.order.upstream';
import { PlaceCatalogue } from './vnpost.places.upstream';
import { orderStatesOf } from './vnpost.states.upstream';

type Json = Record<string, unknown>;

/** One status record of the service. */
interface StatusRecord {
  id: string;
  orderNumber: string;
  trackingNumber?: string;
  code: string;
  text?: string;
  at: string;
}

const eventsMax = 100;
/** The name of a filter where the façade has none. */
const noFilter = 'none';
/** MongoDB's ObjectId: 24 hexadecimal digits, of which the first 8 are the second in which the record was made. */
const objectIdPattern = /^[0-9a-f]{24}$/;
const beforeAll = '0'.repeat(24);

/**
 * VNPost's service for administrative dossiers, behind the national platform's façade. Orders and cancellations are
 * answered by a code; what became of an order is in status records, which are read page by page.
 */
@Injectable()
export class VnpostUpstream {
  private readonly rest: RestUpstream;
  private readonly places: PlaceCatalogue;
  private readonly states: ReadonlyMap<string, OrderState>;

  constructor(
    private readonly config: VnpostConfig,
    private readonly runtime: UpstreamRuntime,
  ) {
    const { baseUrl, tokenPath: path, consumerKey, consumerSecret } = config;
    const token = new ClientCredentialsAuth(runtime, { baseUrl, path, consumerKey, consumerSecret });
    this.rest = new RestUpstream(runtime, baseUrl, token);
    this.places = new PlaceCatalogue(config.provinces, config.districts);
    this.states = orderStatesOf(config);
  }

  async place(order: NewOrder, call: Call): Promise<OrderReceipt> {
    const json = orderMessage(this.config, this.places, order, call);
    const { code, message, trackingNumber } = await this.send(this.config.orderPath, json, call);
    if (!this.config.successCodes.includes(code)) throw this.refusal(code, message, call);
    return { orderNumber: commandReference(call), state: 'requested', trackingNumber };
  }

  /** The order that the command of this call has placed before, if it has: its key is in its number. */
  findPlaced(call: Call): Promise<OrderTracking | undefined> {
    return this.find({ by: 'order-number', number: commandReference(call) }, call);
  }

  /** Where orders stand, of those that the status records hold. Handed over and cancelled are ends. */
  async progress(commands: FollowedCommand[], call: Call): Promise<CommandProgress[]> {
    const numbers = commands.map(commandReference);
    const found = await Promise.all(numbers.map((number) => this.find({ by: 'order-number', number }, call)));
    return found.flatMap((order, index) => {
      // A code that nobody has told us of is no state: the last one that is known stands.
      const known = order?.events.findLast(({ state }) => state);
      if (!order || !known) return [];
      const { transactionId, dossier } = commands[index]!;
      const { state, statusCode: upstreamState, at } = known;
      const final = state === 'received' || state === 'cancelled';
      return [{ transactionId, reference: order.orderNumber, dossier, state: state!, upstreamState, final, at }];
    });
  }

  /** Says whether there is such an order; cancelled before is as good as cancelled now. */
  async cancel(orderNumber: string, call: Call): Promise<boolean> {
    const { cancelPath, customerCode, successCodes, alreadyCancelledCodes, notFoundCodes } = this.config;
    const json = { [wire.order.customerCode]: customerCode, [wire.order.orderNumber]: orderNumber };
    const { code, message } = await this.send(cancelPath, json, call);
    if (notFoundCodes.includes(code)) return false;
    if (successCodes.includes(code) || alreadyCancelledCodes.includes(code)) return true;
    throw this.refusal(code, message, call);
  }

  /** What became of an order; undefined when the records have been read to their end and hold none of it. */
  async find({ by, number }: TrackingQuestion, call: Call): Promise<OrderTracking | undefined> {
    const { orderFilter, itemFilter } = this.config;
    const field = by === 'order-number' ? 'orderNumber' : 'trackingNumber';
    const records = await this.records(by === 'order-number' ? orderFilter : itemFilter, number, call);
    const own = records.filter((record) => record[field] === number).sort((a, b) => (a.id < b.id ? -1 : 1));
    return own.length === 0 ? undefined : this.tracking(own, by === 'tracking-number' ? number : undefined, call);
  }

  private async send(path: string, json: Json, call: Call) {
    const { result } = wire;
    const reply = recordOf((await this.rest.json(call, { path, json })).json);
    const code = textOf(reply[result.code]);
    if (code === undefined) throw this.invalid(call, missing(result.code), false);
    return { code, message: textOf(reply[result.message]), trackingNumber: textOf(reply[result.trackingNumber]) };
  }

  /**
   * Reads records until a page is not full. With a filter that is one page. A façade that does not know the filter sends the
   * records of all orders, so what comes is never believed to be of the one asked for.
   */
  private async records(filter: string, value: string, call: Call): Promise<StatusRecord[]> {
    const { pageRecords, pagesMax, trackingPath: path } = this.config;
    const { page } = wire;
    const found: StatusRecord[] = [];
    let after = beforeAll;
    for (let nth = 1; nth <= pagesMax; nth++) {
      const query = {
        [page.size]: pageRecords,
        [page.after]: after,
        ...(filter === noFilter ? {} : { [filter]: value }),
      };
      const { json } = await this.rest.json(call, { path, query, repeatable: true });
      const records = this.page(recordOf(json), call);
      found.push(...records.filter(({ orderNumber, trackingNumber }) => [orderNumber, trackingNumber].includes(value)));
      const last = records.at(-1);
      if (!last || records.length < pageRecords) return found;
      if (last.id <= after) throw this.invalid(call, missing(wire.record.objectId), true);
      after = last.id;
    }
    const detail = {
      en: `VNPost has more than ${pagesMax * pageRecords} status records and did not filter them`,
      vi: `VNPost có hơn ${pagesMax * pageRecords} bản ghi trạng thái và không lọc theo đơn`,
    };
    throw new BusError('upstream-fault', { detail, upstream: { code: 'too-many-records' } });
  }

  private page(reply: Json, call: Call): StatusRecord[] {
    const { embedded, records: name, returned } = wire.page;
    const records = recordOf(reply[embedded])[name];
    if (Array.isArray(records)) return records.map((record) => this.record(recordOf(record), call));
    if (reply[returned] === 0) return [];
    throw this.invalid(call, missing(name), true);
  }

  private record(json: Json, call: Call): StatusRecord {
    const names = wire.record;
    const id = textOf(recordOf(json[names.id])[names.objectId]);
    const orderNumber = textOf(json[names.orderNumber]);
    const code = textOf(json[names.code]);
    if (!id || !objectIdPattern.test(id)) throw this.invalid(call, missing(names.objectId), true);
    if (!orderNumber) throw this.invalid(call, missing(names.orderNumber), true);
    if (!code) throw this.invalid(call, missing(names.code), true);
    const time = textOf(json[names.time]);
    const at = time === undefined ? undefined : parseAnyDate(time);
    if (at?.ok === false) throw this.invalid(call, missing(names.time), true);
    return {
      id,
      orderNumber,
      trackingNumber: textOf(json[names.trackingNumber]),
      code,
      text: textOf(json[names.message]),
      at: at?.value ?? nowInVietnam(new Date(Number.parseInt(id.slice(0, 8), 16) * 1_000)),
    };
  }

  private tracking(records: StatusRecord[], asked: string | undefined, call: Call): OrderTracking {
    const events = records
      .map(({ at, code, text }) => ({ at, state: this.states.get(code), statusCode: code, text }))
      .slice(-eventsMax);
    const state = events.findLast((event) => event.state)?.state;
    if (!state) throw this.invalid(call, missing(wire.record.code), true);
    const trackingNumber = records.findLast((record) => record.trackingNumber)?.trackingNumber ?? asked;
    const warnings = trackingNumber === undefined ? [] : warningsOf(trackingNumber);
    if (events.at(-1)!.state === undefined) warnings.push('unknown-status-code');
    return { orderNumber: records[0]!.orderNumber, state, trackingNumber, events, warnings };
  }

  /** What a code other than success means. VNPost's words go to the caller only: they may name people. */
  private refusal(code: string, message: string | undefined, { language }: Call): BusError {
    if (this.config.credentialCodes.includes(code))
      this.runtime.log.error({ upstreamCode: code }, 'VNPost refuses our customer code');
    return refusalOf({ code, message }, this.config, fieldsNamed(message, language));
  }

  private invalid(call: Call, why: Text, repeatable: boolean): BusError {
    return this.rest.http.invalid(call, why, repeatable);
  }
}

/** Domestic items carry numbers of many forms: they warn, and are passed on as they are. */
function warningsOf(trackingNumber: string): TrackingWarning[] {
  const parsed = parseTrackingNumber(trackingNumber);
  return parsed.ok ? [...parsed.value.warnings] : ['not-s10'];
}

const missing = (field: string): Text => ({
  en: `the answer lacks ${field}, or it is not valid`,
  vi: `phản hồi thiếu ${field} hoặc giá trị không hợp lệ`,
});

/** Codes come as text, number or truth, and what there is not as null or as empty text. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
