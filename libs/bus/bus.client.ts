import { ErrorCode, NatsError, type Msg } from 'nats';
import { BusError, fromProblem } from '#lgsp/errors';
import type { BusConnection } from './bus.connection';
import { busHeaders } from './names';
import { RequestInbox } from './request.inbox';
import { wireHeaders, type HeaderPairs } from './wire.headers';

/** An answer from the bus as it came: bytes that nobody has parsed. */
export interface BusAnswer {
  body: Uint8Array;
  /** The code of the error table when the answer is a problem, else undefined. */
  errorCode?: string;
  header(name: string): string;
}

/** Sends requests whose deadline is an absolute time, and tells apart: nobody there, too late, bus gone. */
export class BusClient {
  private readonly inbox: RequestInbox;

  constructor(private readonly connection: BusConnection) {
    this.inbox = new RequestInbox(connection);
  }

  /**
   * @param deadline epoch milliseconds; also travels in the `Lgsp-Deadline` header
   * @throws BusError `connector-unavailable` (at once, when nobody serves the subject), `deadline-exceeded`,
   *   `bus-unavailable`
   */
  async request(subject: string, body: Uint8Array, deadline: number, headers: HeaderPairs = {}): Promise<BusAnswer> {
    if (!this.connection.connected) throw new BusError('bus-unavailable', { retryAfterMs: 1_000 });
    const timeout = deadline - Date.now();
    if (timeout <= 0) throw new BusError('deadline-exceeded');
    try {
      const sent = wireHeaders({ [busHeaders.deadline]: String(deadline) }, headers);
      return new Answer(await this.inbox.request(subject, body, timeout, sent));
    } catch (error) {
      throw asBusError(error);
    }
  }

  /** As `request`, but an error answer is thrown as the BusError that it tells of, and the body is parsed. */
  async call<T>(subject: string, input: unknown, deadline: number, headers: HeaderPairs = {}): Promise<T> {
    const answer = await this.request(subject, Buffer.from(JSON.stringify(input)), deadline, headers);
    const body: unknown = answer.body.length === 0 ? undefined : JSON.parse(Buffer.from(answer.body).toString('utf8'));
    if (answer.errorCode) throw fromProblem(answer.errorCode, body);
    return body as T;
  }
}

class Answer implements BusAnswer {
  constructor(private readonly message: Msg) {}

  get body(): Uint8Array {
    return this.message.data;
  }

  get errorCode(): string | undefined {
    return this.header(busHeaders.errorCode) || undefined;
  }

  header(name: string): string {
    return this.message.headers?.get(name) ?? '';
  }
}

function asBusError(error: unknown): BusError {
  if (error instanceof NatsError) {
    if (error.code === (ErrorCode.MaxPayloadExceeded as string))
      return new BusError('body-too-large', { cause: error });
    if (error.code === (ErrorCode.BadHeader as string)) return new BusError('malformed-request', { cause: error });
    return new BusError('bus-unavailable', { retryAfterMs: 1_000, cause: error });
  }
  return BusError.from(error);
}
