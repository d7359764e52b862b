import { auditSubject, busHeaders, type AuditEntry, type DurableLog } from '#lgsp/bus';
import type { CallRecords, Commands, Dispatcher, Ended } from '#lgsp/dispatch';
import { BusError, type Language, type Text } from '#lgsp/errors';
import { bodyHash, bookSubjects, type OpenCommandFacts, type QuestionAnswer } from '#lgsp/records';
import type { BookClient } from '../book/book.client';
import type { Catalogue } from '../catalogue/catalogue';
import { newTraceParent } from '../transactions/trace.parent';

/** Who has a command replayed: the operator, and the officer that the outside system is told of. */
export interface ReplayContext {
  operator: string;
  officer?: string;
  language: Language;
}

/** What replays need of the other rooms of the gateway. */
export interface ReplayParts {
  book: BookClient;
  catalogue: Catalogue;
  commands: Commands;
  dispatcher: Dispatcher;
  records: CallRecords;
  audit: DurableLog;
}

const askMs = 15_000;

/**
 * Commands whose outcome is open, run to their end by an operator. Nothing is sent blindly: the connector asks the outside
 * system first, by the caller's own key; and only the very body that the caller had sent is sent again, since bodies are not
 * kept and its hash is.
 */
export class Replays {
  constructor(private readonly parts: ReplayParts) {}

  /** Asks what became of it. @throws BusError `unknown-transaction`; `wrong-state` when it is no command whose outcome is open */
  async ask(id: string, { operator, language }: ReplayContext): Promise<QuestionAnswer> {
    await this.audit(id, operator, 'ask');
    return this.parts.book.ask<QuestionAnswer>(bookSubjects.ask, { id }, language, askMs);
  }

  /** Sends it again under its key. @throws BusError as `ask`; `invalid-request` when the body is not the one that was sent */
  async send(id: string, body: Uint8Array, context: ReplayContext): Promise<Ended> {
    const facts = await this.parts.book.ask<OpenCommandFacts>(
      bookSubjects.openCommand,
      { id },
      context.language,
      askMs,
    );
    if (bodyHash(Buffer.from(facts.salt, 'base64url'), body) !== facts.requestHash) throw otherBody(context.language);
    const { catalogue, commands, dispatcher, records } = this.parts;
    const key = await commands.keyOf(facts.idempotency, id);
    if (key === undefined) throw new BusError('unknown-transaction', { detail: keyGone });
    const operation = catalogue.find(`v${facts.version.split('.')[0]}`, facts.system, facts.operation);
    if (!operation) throw new BusError('unknown-operation');
    await this.audit(id, context.operator, 'replay');
    const { system, client, environment, mode, agency, dossier, procedure } = facts;
    const now = Date.now();
    const call = {
      client: { id: client, environment },
      mode,
      system,
      operation,
      body,
      headers: {
        [busHeaders.client]: client,
        [busHeaders.agency]: agency,
        [busHeaders.dossier]: dossier,
        [busHeaders.procedure]: procedure,
        [busHeaders.officer]: context.officer,
        [busHeaders.idempotencyKey]: key,
        [busHeaders.traceparent]: newTraceParent(),
      },
      receivedAt: now,
      deadline: now + operation.timeoutMs,
      language: context.language,
    };
    const { subject, operation: name } = operation;
    const again = { clientId: client, key, system, operation: name, subject, body, deadline: call.deadline };
    const sender = dispatcher.senderOf(call, records.open(call));
    return commands.run({ ...again, context: [agency, dossier, procedure] }, id, sender);
  }

  private async audit(transaction: string, who: string, action: string): Promise<void> {
    const entry: AuditEntry & { transaction: string } = { at: new Date().toISOString(), who, action, transaction };
    await this.parts.audit.append(auditSubject('transactions', transaction), Buffer.from(JSON.stringify(entry)));
  }
}

function otherBody(language: Language): BusError {
  const errors = [{ path: '', rule: 'same-body', message: notTheBody[language] }];
  return new BusError('invalid-request', { errors });
}

const notTheBody: Text = {
  en: 'must be, byte for byte, the body that the command was first sent with',
  vi: 'phải đúng từng byte với nội dung đã gửi lần đầu',
};
const keyGone: Text = {
  en: 'the idempotency key of this command is kept no more: nobody can say by it what became of the command',
  vi: 'khóa Idempotency-Key của lệnh này không còn được lưu nên không thể hỏi lại kết quả',
};
