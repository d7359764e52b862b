/** The names on the wire between gateway and connectors (docs/protocol.md). */

/** Subject prefix of everything on the bus. */
export const subjectRoot = 'lgsp';

/** `population`, `v1`, `verify-citizen` → `lgsp.population.v1.verify-citizen`. */
export function operationSubject(system: string, version: string, operation: string): string {
  return `${subjectRoot}.${system}.${version}.${operation}`;
}

export interface OperationAddress {
  system: string;
  /** Major version, `v1`. */
  version: string;
  operation: string;
}

const subjectShape = /^lgsp\.([a-z][a-z0-9-]*)\.(v[1-9][0-9]?)\.([a-z][a-z0-9-]*)$/;

/** What no system may be named: the bus's own subjects begin so, and its streams keep whatever is sent there. */
const reservedNames: ReadonlySet<string> = new Set([
  'audit',
  'book',
  'callbacks',
  'courier',
  'dead',
  'events',
  'jobs',
  'ledger',
  'procedures',
  'progress',
]);

/** Reads an operation's subject; undefined when it is not one. */
export function parseOperationSubject(subject: string): OperationAddress | undefined {
  const match = subjectShape.exec(subject);
  if (!match || reservedNames.has(match[1]!)) return undefined;
  return { system: match[1]!, version: match[2]!, operation: match[3]! };
}

/** `payment`, `v1`, `confirmation` → `lgsp.payment.v1.confirmation.callback`. */
export function callbackSubject(system: string, version: string, kind: string): string {
  return `${operationSubject(system, version, kind)}${callbackEnd}`;
}

const callbackEnd = '.callback';

/** Reads the subject of a kind of callback, which stands where an operation does; undefined when it is not one. */
export function parseCallbackSubject(subject: string): OperationAddress | undefined {
  return subject.endsWith(callbackEnd) ? parseOperationSubject(subject.slice(0, -callbackEnd.length)) : undefined;
}

/** Header names, in the canonical spelling in which they are sent. */
export const busHeaders = {
  transactionId: 'Lgsp-Transaction-Id',
  client: 'Lgsp-Client',
  agency: 'Lgsp-Agency',
  officer: 'Lgsp-Officer',
  dossier: 'Lgsp-Dossier',
  procedure: 'Lgsp-Procedure',
  purpose: 'Lgsp-Purpose',
  /** Absolute time in epoch milliseconds after which nobody waits for the answer. It only shrinks on its way. */
  deadline: 'Lgsp-Deadline',
  idempotencyKey: 'Lgsp-Idempotency-Key',
  /** `true` when this command was sent before with an unknown outcome: ask the outside system before sending again. */
  recheck: 'Lgsp-Recheck',
  language: 'Accept-Language',
  /** On a callback: its media type, and before the name of each HTTP header that its kind wants. */
  mediaType: 'Content-Type',
  httpHeader: 'Http-',
  traceparent: 'traceparent',
  /** Set on an error answer (ADR-32): the HTTP-like number, and the code of the error table. */
  errorStatus: 'Nats-Service-Error-Code',
  errorCode: 'Nats-Service-Error',
  /** On an answer: how often the outside system was called, and for how long in all, in milliseconds. */
  upstreamAttempts: 'Lgsp-Upstream-Attempts',
  upstreamMs: 'Lgsp-Upstream-Ms',
  /** On an answer: the other code of a dossier that has two, so that the transaction is found by either. */
  linkedDossier: 'Lgsp-Linked-Dossier',
} as const;

/** States of a circuit breaker, as `circuit` in the `data` of a STATS answer; the place of each is its value as a metric. */
export const circuitStates = ['closed', 'half-open', 'open'] as const;
export type CircuitName = (typeof circuitStates)[number];

/** The parts of a call's context that an operation may require. */
export const contextNames = ['agency', 'officer', 'dossier', 'procedure', 'purpose'] as const;
export type ContextName = (typeof contextNames)[number];

/** Longest value of a context header, and of an idempotency key, in characters. */
export const headerLengthMax = 255;
