import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { BusError, Text } from '#lgsp/errors';
import { ClientCredentialsAuth, recordOf, refusalOf, RestUpstream, UpstreamRuntime, type Call } from '#lgsp/kit';
import type { CommandProgress, FollowedCommand } from '#lgsp/progress';
import { nowInVietnam, parseDate } from '#lgsp/vietnam';
import { PaymentConfig } from './payment.config';
import type { NewPayment, OpenedPayment, PaymentState, Receipt } from './payment.messages';
import { initMessage, questionMessage, referenceOf } from './payment.upstream.form';

type Reply = Record<string, unknown>;

/** `TrangThaiGD`. What is not among them is not known to us, and so no state at all. */
const states: Record<string, PaymentState['status']> = { '1': 'paid', '3': 'pending', '4': 'failed' };

const codes: Record<PaymentState['status'], string> = { paid: '1', pending: '3', failed: '4' };

const pdf = 'application/pdf';
const pdfTypes = new Set([pdf, 'application/octet-stream']);

/**
 * The payment platform of the National Public Service Portal: JSON by POST, each message proven by a hash over some of
 * its fields and a shared secret. A new payment answers JSON within JSON; a receipt answers a PDF, or JSON when it refuses.
 */
@Injectable()
export class PaymentUpstream {
  private readonly rest: RestUpstream;

  constructor(
    private readonly config: PaymentConfig,
    private readonly runtime: UpstreamRuntime,
  ) {
    const { baseUrl, tokenPath: path, consumerKey, consumerSecret = '' } = config;
    const credentials = { baseUrl, path, consumerKey, consumerSecret };
    const auth = consumerKey === '' ? undefined : new ClientCredentialsAuth(runtime, credentials);
    this.rest = new RestUpstream(runtime, baseUrl, auth);
  }

  async open(payment: NewPayment, call: Call): Promise<OpenedPayment> {
    const message = initMessage(this.config, payment, call);
    const reply = recordOf((await this.rest.json(call, { path: this.config.initPath, json: message })).json);
    const code = textOf(reply['error_code']);
    if (code === undefined) throw this.invalid(call, missing('error_code'));
    if (code !== '0') throw this.refusal(code, textOf(reply['message']));
    const paymentUrl = textOf(parsed(textOf(reply['message']))['UrlThanhToan']);
    if (!paymentUrl || !isWebAddress(paymentUrl)) throw this.invalid(call, missing('UrlThanhToan'));
    return { reference: referenceOf(call), paymentUrl };
  }

  /** The payment that the command of this call has opened before, if it has: its key is in its reference. */
  findOpened(call: Call): Promise<PaymentState | undefined> {
    return this.find(referenceOf(call), call);
  }

  /** The state of a payment; undefined when the platform says that it has none by this reference. Sends nothing else. */
  async find(reference: string, call: Call): Promise<PaymentState | undefined> {
    const { statusPath: path, statusType, notFoundCodes } = this.config;
    const json = questionMessage(this.config, statusType, reference);
    const reply = recordOf((await this.rest.json(call, { path, json, repeatable: true })).json);
    const code = codeOf(reply);
    if (code === undefined) throw this.invalid(call, missing('MaLoi'), true);
    if (notFoundCodes.includes(code)) return undefined;
    if (code !== '00') throw this.refusal(code, wordsOf(reply));
    const status = states[textOf(reply['TrangThaiGD']) ?? ''];
    if (!status) throw this.invalid(call, missing('TrangThaiGD'), true);
    const named = textOf(reply['MaThamChieu']);
    if (named !== undefined && named !== reference) {
      const why = { en: 'the answer is about another payment', vi: 'phản hồi thuộc về giao dịch khác' };
      throw this.invalid(call, why, true);
    }
    return this.state(reference, status, reply, call);
  }

  /** Where payments stand, of those that the platform knows. Paid and failed are ends; pending may still be either. */
  async progress(commands: FollowedCommand[], call: Call): Promise<CommandProgress[]> {
    const askedAt = nowInVietnam(new Date());
    const found = await Promise.all(commands.map((command) => this.find(referenceOf(command), call)));
    return found.flatMap((payment, index) => {
      if (!payment) return [];
      const { transactionId, dossier } = commands[index]!;
      const { reference, status: state, settledAt: at = askedAt } = payment;
      return [
        { transactionId, reference, dossier, state, upstreamState: codes[state], final: state !== 'pending', at },
      ];
    });
  }

  /** The receipt of a paid payment; undefined when the platform says that it has no such payment. */
  async receipt(reference: string, call: Call): Promise<Receipt | undefined> {
    const { receiptPath: path, receiptType, receiptBytesMax, notFoundCodes } = this.config;
    const body = JSON.stringify(questionMessage(this.config, receiptType, reference));
    const headers = { 'content-type': 'application/json', accept: `${pdf}, application/json` };
    const answer = await this.rest.http.send(call, { method: 'POST', path, headers, body });
    if (answer.contentType === 'application/json') {
      const reply = parsed(answer.body.toString('utf8'));
      const code = codeOf(reply);
      if (code === undefined || code === '00' || code === '0') throw this.invalid(call, missing('PDF'));
      if (notFoundCodes.includes(code)) return undefined;
      throw this.refusal(code, wordsOf(reply));
    }
    if (!pdfTypes.has(answer.contentType) || !answer.body.subarray(0, 5).equals(Buffer.from('%PDF-'))) {
      throw this.invalid(call, { en: 'the answer is not a PDF', vi: 'phản hồi không phải tệp PDF' });
    }
    if (answer.body.length > receiptBytesMax) {
      throw this.invalid(call, {
        en: `the receipt is larger than ${receiptBytesMax} bytes`,
        vi: `biên lai lớn hơn ${receiptBytesMax} byte`,
      });
    }
    return {
      reference,
      mediaType: pdf,
      content: answer.body.toString('base64'),
      sizeBytes: answer.body.length,
      sha256: createHash('sha256').update(answer.body).digest('hex'),
    };
  }

  private state(reference: string, status: PaymentState['status'], reply: Reply, call: Call): PaymentState {
    const amount = textOf(reply['SoTien']);
    if (amount !== undefined && !/^\d{1,15}$/.test(amount)) throw this.invalid(call, missing('SoTien'), true);
    const time = textOf(reply['ThoiGianGD']);
    const settledAt = status === 'paid' && time !== undefined ? parseDate(time, 'yyyyMMddHHmmss') : undefined;
    if (settledAt?.ok === false) throw this.invalid(call, missing('ThoiGianGD'), true);
    return {
      reference,
      status,
      amount: amount === undefined ? undefined : Number(amount),
      currency: textOf(reply['MaTienTe']),
      transactionNumber: textOf(reply['MaGiaoDich']),
      bankCode: textOf(reply['MaNganHang']),
      settledAt: settledAt?.value,
    };
  }

  /** What a code other than success and not-found means. The platform's words go to the caller only: they may name people. */
  private refusal(code: string, message: string | undefined): BusError {
    if (this.config.credentialCodes.includes(code))
      this.runtime.log.error({ upstreamCode: code }, 'the payment platform refuses our partner code or proof');
    return refusalOf({ code, message }, this.config);
  }

  private invalid(call: Call, why: Text, repeatable?: boolean): BusError {
    return this.rest.http.invalid(call, why, repeatable);
  }
}

const missing = (field: string): Text => ({
  en: `the answer lacks ${field}, or it is not valid`,
  vi: `phản hồi thiếu ${field} hoặc giá trị không hợp lệ`,
});

/** JSON within a text; an empty record, which lacks every field, when it is none. */
function parsed(text: string | undefined): Reply {
  try {
    return recordOf(JSON.parse(text ?? ''));
  } catch {
    return {};
  }
}

/** Codes and amounts come as text or as numbers, and what there is not as null or as empty text. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Most replies say `MaLoi`; what the façade answers for the platform says `error_code`. */
const codeOf = (reply: Reply): string | undefined => textOf(reply['MaLoi']) ?? textOf(reply['error_code']);
const wordsOf = (reply: Reply): string | undefined => textOf(reply['MoTaLoi']) ?? textOf(reply['message']);

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
