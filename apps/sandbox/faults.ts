import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * What can be ordered of an outside system, as it goes wrong in practice.
 * - `down` nothing listens · `slow` answers after `delayMs` · `hang` never answers · `drip` answers byte by byte
 * - `error-500` a bare HTTP 500 · `fault-document` the system's own form of a fault · `garbage` bytes that are not its
 *   format · `wrong-content-type` a maintenance page in HTML with status 200
 * - `expired-token` the tokens it gave out are refused · `throttled` HTTP 429 with Retry-After
 * - `lost-reply` it acts, then cuts the connection
 * - `duplicate-callbacks` it calls back five times · `late-callbacks` only after `delayMs` · `forged-callbacks` with a wrong proof
 */
export const faultKinds = [
  'down',
  'slow',
  'hang',
  'drip',
  'error-500',
  'fault-document',
  'garbage',
  'wrong-content-type',
  'expired-token',
  'throttled',
  'lost-reply',
  'duplicate-callbacks',
  'late-callbacks',
  'forged-callbacks',
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  kind: FaultKind;
  /** How long `slow` and `late-callbacks` wait, and between two bytes of `drip`, in milliseconds. */
  delayMs?: number;
  /** Ends by itself after so many requests; lasts until it is taken back when left out. */
  times?: number;
  /** Share of requests that meet it, 0 to 1; all when left out. */
  probability?: number;
  /** Only requests whose path contains this text. */
  path?: string;
}

const dripEveryMs = 200;
const slowMs = 3_000;

/** The fault ordered of one stand-in, and whether a request meets it. */
export class FaultOrder {
  private fault?: Fault;
  private left = 0;

  get current(): Fault | undefined {
    return this.fault;
  }

  set(fault: Fault | undefined): void {
    this.fault = fault;
    this.left = fault?.times ?? Number.POSITIVE_INFINITY;
  }

  /** The fault that this request meets, if any. Counts it. */
  meet(path: string, random: () => number = Math.random): Fault | undefined {
    const { fault } = this;
    if (!fault || this.left <= 0) return undefined;
    if (fault.path !== undefined && !path.includes(fault.path)) return undefined;
    if (fault.probability !== undefined && random() >= fault.probability) return undefined;
    this.left--;
    return fault;
  }
}

/** A reply in the outside system's own form. */
export interface Reply {
  status: number;
  contentType: string;
  body: string;
}

/**
 * Plays a fault on a connection. Says `true` when the request is answered (or never will be) and the stand-in's own
 * handler must not run.
 */
export async function playFault(
  fault: Fault,
  own: { faultDocument: Reply; contentType: string },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  switch (fault.kind) {
    case 'slow':
      await new Promise((resolve) => setTimeout(resolve, fault.delayMs ?? slowMs));
      return false;
    case 'hang':
      request.resume();
      return true;
    case 'drip':
      drip(response, own, fault.delayMs ?? dripEveryMs);
      return true;
    case 'error-500':
      reply(response, { status: 500, contentType: 'text/plain', body: 'Internal Server Error' });
      return true;
    case 'fault-document':
      reply(response, own.faultDocument);
      return true;
    case 'garbage':
      reply(response, { status: 200, contentType: own.contentType, body: '\u0001\u0002{]<<<>&;%%%' });
      return true;
    case 'wrong-content-type':
      reply(response, { status: 200, contentType: 'text/html', body: '<html><body>Hệ thống bảo trì</body></html>' });
      return true;
    case 'throttled':
      response.setHeader('retry-after', '1');
      reply(response, { status: 429, contentType: 'text/plain', body: 'Too Many Requests' });
      return true;
    case 'down':
    case 'expired-token':
    case 'lost-reply':
    case 'duplicate-callbacks':
    case 'late-callbacks':
    case 'forged-callbacks':
      return false; // Played by the stand-in itself.
  }
}

function reply(response: ServerResponse, { status, contentType, body }: Reply): void {
  response.writeHead(status, { 'content-type': contentType, connection: 'close' }).end(body);
}

function drip(response: ServerResponse, { contentType }: { contentType: string }, everyMs: number): void {
  response.writeHead(200, { 'content-type': contentType });
  const timer = setInterval(() => response.write(' '), everyMs);
  response.once('close', () => clearInterval(timer));
}
