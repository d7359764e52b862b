import { timingSafeEqual, createHash } from 'node:crypto';
import type { Text } from '#lgsp/errors';
import type { Observation } from '#lgsp/progress';
import type { Sensitivity } from '#lgsp/telemetry';

/** What an outside system sends in by itself, of one kind: `POST /v1/callbacks/<system>/<kind>`. */
export interface Callback {
  /** What it tells, in one sentence. */
  summary: Text;
  /** How the outside system proves that it is the one, in words: which field or header, made of what. */
  scheme: Text;
  /** What the outside system puts at the end of the address, where it cannot be told our name for it: `ChuyenHoSo`. */
  alias?: string;
  /** Largest body, 1,024 to 8,000,000 bytes. */
  bodyBytesMax: number;
  /** How long verifying it may take, 100 to 120,000 ms. */
  timeoutMs: number;
  /** What the body holds; decides what a log line may show. */
  sensitivity: Sensitivity;
  /** Media types that it comes in; `application/json` when left out. */
  mediaTypes?: readonly string[];
  /** HTTP headers that the adapter is given, in lower case; none when left out. */
  headers?: readonly string[];
  /** A body with a proof that is wrong, and what a right one is answered. */
  example: { body: object; reply: object };
}

/** A callback as it came in. */
export interface CallbackRequest {
  /** In lower case, without parameters. */
  mediaType: string;
  /** Those that the definition names, as far as they were there once. */
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

/** In the outside system's own form. */
export interface CallbackReply {
  status: number;
  contentType: string;
  body: string;
}

/**
 * Why a callback is refused. `forged`: its proof is missing or wrong. `mismatch`: the proof is right, and the outside system
 * itself says something else when it is asked. `refused`: it cannot be read, or is about what nobody knows.
 */
export const callbackRefusals = ['forged', 'mismatch', 'refused'] as const;
export type CallbackRefusal = (typeof callbackRefusals)[number];

/** What a callback tells; the system and the way it came are known. */
export type CalledBack = Omit<Observation, 'system' | 'source'>;

/** A dossier that a citizen's app hands in: its body is kept for the client that is to work on it. */
export interface Submission {
  /** By what the outside system knows it. */
  reference: string;
  /** Code of the dossier in the one-stop software. */
  dossier: string;
}

export interface CallbackAnswer {
  reply: CallbackReply;
  /** Absent when it is taken. */
  refused?: CallbackRefusal;
  /** What it tells of things under way; durable before the reply is sent. */
  observations: readonly CalledBack[];
  submission?: Submission;
}

/** What is taken, with what it tells. */
export const taken = (reply: CallbackReply, ...observations: CalledBack[]): CallbackAnswer => ({ reply, observations });

/** What is not taken: nothing of it is kept. */
export const refusedAs = (refused: CallbackRefusal, reply: CallbackReply): CallbackAnswer => ({
  reply,
  refused,
  observations: [],
});

export const jsonReply = (body: object, status = 200): CallbackReply => ({
  status,
  contentType: 'application/json; charset=utf-8',
  body: JSON.stringify(body),
});

/** Whether two secrets are the same, in a time that tells nothing of where they differ. An empty one is none. */
export function isSameSecret(given: unknown, expected: string): boolean {
  if (typeof given !== 'string' || given === '' || expected === '') return false;
  const [one, other] = [given, expected].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(one!, other!);
}

/** The JSON object of a body; undefined when it holds none. */
export function jsonObjectOf(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return value as Record<string, unknown>;
  } catch {
    return undefined; // The outside system is answered in its own form.
  }
}

const bodyBytesLeast = 1_024;
const bodyBytesLimit = 8_000_000;

/** What is wrong with the declaration of a callback. */
export function callbackFaults(kind: string, callback: Callback): string[] {
  const { alias, bodyBytesMax, mediaTypes = [], headers = [], scheme } = callback;
  const lower = (texts: readonly string[]): boolean =>
    texts.every((text) => text !== '' && text === text.toLowerCase());
  const faults: string[] = [];
  if (!/^[a-z][A-Za-z0-9]*$/.test(kind)) faults.push('is not camelCase');
  if (alias !== undefined && !/^[A-Za-z][\w-]{0,63}$/.test(alias))
    faults.push(`alias "${alias}" is no part of an address`);
  if (!(bodyBytesMax >= bodyBytesLeast && bodyBytesMax <= bodyBytesLimit))
    faults.push(`bodyBytesMax ${bodyBytesMax} is outside ${bodyBytesLeast} to ${bodyBytesLimit}`);
  if (!lower(mediaTypes)) faults.push('media types are in lower case');
  if (!lower(headers)) faults.push('headers are in lower case');
  if (!scheme.en || !scheme.vi) faults.push('it must say how it is proven');
  return faults;
}
