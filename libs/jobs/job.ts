import { busHeaders } from '#lgsp/bus';
import type { ClientRecord } from '#lgsp/clients';
import {
  contextOf,
  requestKey,
  type AdmittedCall,
  type CalledOperation,
  type JobTurn,
  type RecordSeed,
} from '#lgsp/dispatch';
import type { Language } from '#lgsp/errors';
import type { RequestKey } from '#lgsp/records';
import type { Sensitivity } from '#lgsp/telemetry';

/** What is known of an operation whose calls are sent later. */
export interface QueuedOperation extends CalledOperation {
  /** How long one sending may take. */
  timeoutMs: number;
  /** How often it is sent at most, and how long after it was accepted. */
  attemptsMax: number;
  ageMaxMs: number;
  sensitivity: Sensitivity;
}

/** A command that was accepted and waits to be sent: all that it takes to send it, and to write down what came of it. */
export interface Job extends JobTurn {
  client: Pick<ClientRecord, 'id' | 'environment'>;
  system: string;
  operation: QueuedOperation;
  headers: Record<string, string | undefined>;
  language: Language;
  /** Epoch milliseconds: in at the gateway; and accepted, from when its age counts. */
  receivedAt: number;
  queuedAt: number;
  seed: RecordSeed;
  /** The transaction in whose place this one was put by an operator. */
  replaces?: string;
  body: Uint8Array;
}

/** A job without its body, which lies behind it as it is. */
type JobHead = Omit<Job, 'body'>;

const lengthBytes = 4;

/** The bytes of a job: the length of its head, the head as JSON, the body. */
export function jobBytes({ body, ...head }: Job): Buffer {
  const text = Buffer.from(JSON.stringify(head satisfies JobHead));
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32BE(text.length);
  return Buffer.concat([length, text, body]);
}

export function readJob(bytes: Buffer): Job {
  const bodyAt = lengthBytes + bytes.readUInt32BE();
  const head = JSON.parse(bytes.toString('utf8', lengthBytes, bodyAt)) as JobHead;
  return { ...head, body: bytes.subarray(bodyAt) };
}

/** The call that a job stands for, as it is sent now. @param deadline epoch milliseconds */
export function callOf(job: Job, deadline: number): AdmittedCall {
  const { client, system, operation, body, headers, receivedAt, language } = job;
  return {
    client,
    mode: 'async',
    system,
    operation,
    body,
    headers: { ...headers },
    receivedAt,
    deadline,
    language,
  };
}

/** The request as a key to its kept answer. @param salt of the command's record */
export function requestKeyOf({ headers, system, operation, body }: Job, salt: string): RequestKey {
  return requestKey(
    {
      key: headers[busHeaders.idempotencyKey]!,
      system,
      operation: operation.operation,
      subject: operation.subject,
      context: contextOf(headers),
      body,
    },
    salt,
  );
}
