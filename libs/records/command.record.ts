import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import type { ErrorCode, Outcome } from '#lgsp/errors';

/**
 * What is kept of a command under its idempotency key. `open`: a gateway has it in hand until the deadline. `unknown`: it may
 * have taken effect. `failed`: it took none, and may be sent again. `done`: its answer stands.
 *
 * An asynchronous one is `queueing` while a gateway hands it to the queue of jobs, until the deadline; `queued` while its job
 * waits there; and `sending` while the courier has it in hand, until the deadline.
 */
export interface CommandRecord {
  transactionId: string;
  /** The caller's own key, by which the connector and the outside system know the command. */
  key: string;
  system: string;
  operation: string;
  /** Where the connector takes it. */
  subject: string;
  state: 'open' | 'queueing' | 'queued' | 'sending' | 'unknown' | 'failed' | 'done';
  /** How often it was sent to the connector. */
  attempt: number;
  /** Epoch milliseconds at which whoever has it in hand gives up. */
  deadline: number;
  /** Base64url, random. */
  salt: string;
  /** By which another request under the same key is told apart. */
  fingerprint: string;
  answer?: KeptAnswer;
  /** Of one that was handed to the queue of jobs. */
  queue?: QueuedCommand;
}

/** A command's stay in the queue of jobs. */
export interface QueuedCommand {
  /** Grows each time it is handed to the queue, or taken away from it: a job of an earlier turn is of no use any more. */
  turn: number;
  /** How often it was sent in this turn; tries that never came to the outside system are not counted. */
  attempts: number;
  /** It may have taken effect already. */
  uncertain: boolean;
  /** Epoch milliseconds before which it is not sent again. */
  notBefore?: number;
  /** How this turn ended, so that whoever goes on after a crash can still tell. */
  ended?: QueueEnd;
}

export interface QueueEnd {
  outcome: Outcome;
  /** Whether it stands for ever. */
  final: boolean;
  code?: ErrorCode;
  /** The outside system's own code, where it named one. */
  upstreamCode?: string;
  linkedDossier?: string;
  /** Why nobody tries any more, when it was not the outside system that said so. */
  reason?: 'attempts-used-up' | 'too-old' | 'key-gone' | 'cancelled' | 'given-up';
}

export interface KeptAnswer {
  status: number;
  code?: ErrorCode;
  /** The bytes of the answer, encrypted (AES-256-GCM: nonce, text, tag), base64. */
  sealed: string;
}

const nonceBytes = 12;
const tagBytes = 16;

/**
 * The caller's request as a key: it tells the same request from another one, and opens the kept answer. So answers lie
 * encrypted on the bus, and only who sends the whole request again can read one.
 */
export class RequestKey {
  readonly salt: string;
  readonly fingerprint: string;
  private readonly sealKey: Buffer;

  /** @param parts everything that makes the request what it is @param salt of the kept record; a new one for a new command */
  constructor(parts: readonly (string | undefined)[], body: Uint8Array, salt = randomBytes(16).toString('base64url')) {
    const digest = createHash('sha256')
      .update(JSON.stringify(parts.map((part) => part ?? null)))
      .update(body)
      .digest();
    const derived = Buffer.from(hkdfSync('sha256', digest, Buffer.from(salt, 'base64url'), 'lgsp command', 64));
    this.salt = salt;
    this.fingerprint = derived.subarray(0, 32).toString('base64url');
    this.sealKey = derived.subarray(32);
  }

  seal(body: Uint8Array): string {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.sealKey, nonce);
    const text = Buffer.concat([cipher.update(body), cipher.final()]);
    return Buffer.concat([nonce, text, cipher.getAuthTag()]).toString('base64');
  }

  /** @throws Error when the bytes were changed */
  open(sealed: string): Buffer {
    const bytes = Buffer.from(sealed, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', this.sealKey, bytes.subarray(0, nonceBytes));
    decipher.setAuthTag(bytes.subarray(-tagBytes));
    return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]);
  }
}

/** Where the record of a client's key lies: keys may hold what a key of the store may not. */
export function placeOf(clientId: string, key: string): string {
  return `${clientId}.${createHash('sha256').update(key).digest('base64url')}`;
}
