import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { promisify } from 'node:util';
import { clientIdPattern, type ClientRecord, type SecretRecord } from './client.record';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** 32 MiB and some 60 ms for each secret of each guess; what is presented often is remembered by the gateway, not derived again. */
const cost: ScryptOptions = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
const hashBytes = 32;
const secretBytes = 32;

/** Most secrets of a client that are valid at a time: one can be replaced while the other serves. */
export const secretsMax = 2;

/** Longest secret that is looked at: an id, a dot and 43 characters. */
const secretLengthMax = 40 + 1 + 43;

/** Stands in for the secret of an unknown client, so that asking for one takes as long as a wrong secret. */
const nobody: SecretRecord = {
  id: 'nobody',
  salt: randomBytes(16).toString('base64url'),
  hash: randomBytes(hashBytes).toString('base64url'),
  createdAt: new Date(0).toISOString(),
};

/**
 * Makes a secret and what is kept of it. The secret names its client, `one-stop.Zx…`, so that alone it serves as an API key;
 * it is shown once and cannot be read back.
 */
export async function issueSecret(clientId: string): Promise<{ secret: string; record: SecretRecord }> {
  const secret = `${clientId}.${randomBytes(secretBytes).toString('base64url')}`;
  const salt = randomBytes(16);
  const hash = await derive(secret, salt, hashBytes, cost);
  const record = {
    id: randomBytes(6).toString('hex'),
    salt: salt.toString('base64url'),
    hash: hash.toString('base64url'),
    createdAt: new Date().toISOString(),
  };
  return { secret, record };
}

/** The client that a secret names, before anything is verified; undefined when it has not the form of a secret. */
export function clientIdOf(secret: string): string | undefined {
  const dot = secret.indexOf('.');
  const id = secret.slice(0, Math.max(0, dot));
  return secret.length <= secretLengthMax && clientIdPattern.test(id) ? id : undefined;
}

/**
 * Whether the secret is one of the client's. The work is the same for a client that does not exist and for one with a single
 * secret or two, so that its time tells nobody who is registered or who is changing over.
 */
export async function verifySecret(client: ClientRecord | undefined, presented: string): Promise<boolean> {
  const kept = client?.secrets.slice(-secretsMax) ?? [];
  const compared = Array.from({ length: secretsMax }, (_, nth) => matches(kept[nth] ?? nobody, presented));
  const matching = await Promise.all(compared);
  return matching.some((matched, nth) => matched && nth < kept.length);
}

async function matches({ salt, hash }: SecretRecord, presented: string): Promise<boolean> {
  const derived = await derive(presented, Buffer.from(salt, 'base64url'), hashBytes, cost);
  return timingSafeEqual(derived, Buffer.from(hash, 'base64url'));
}
