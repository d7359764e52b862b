import { createPublicKey, type KeyObject } from 'node:crypto';
import type { RecorderPublicKey } from './record.batch';

/** A recorder's public key as it is published beside the token keys, and as it stands in receipts and evidence files. */
export interface EvidenceJwk {
  kty: 'OKP';
  crv: 'Ed25519';
  /** The key's 32 bytes, base64url. */
  x: string;
  kid: string;
  use: 'sig';
  alg: 'EdDSA';
  /** Tells it from the keys of access tokens. */
  lgsp_use: 'evidence';
  /** The one recorder whose batches, or seals, this key signs. */
  lgsp_recorder: string;
}

/** A public key that is ready to verify with. */
export interface EvidenceKey {
  kid: string;
  recorder: string;
  x: string;
  publicKey: KeyObject;
}

export function evidenceJwk({ kid, recorder, jwk }: RecorderPublicKey): EvidenceJwk {
  const { kty, crv, x } = jwk;
  return { kty, crv, x, kid, use: 'sig', alg: 'EdDSA', lgsp_use: 'evidence', lgsp_recorder: recorder };
}

const fixed = { kty: 'OKP', crv: 'Ed25519', use: 'sig', alg: 'EdDSA', lgsp_use: 'evidence' } as const;
const members = [...Object.keys(fixed), 'x', 'kid', 'lgsp_recorder'];

/** @throws Error naming what is not as it must be */
export function readEvidenceJwk(jwk: Readonly<Record<string, unknown>>): EvidenceKey {
  for (const [name, value] of Object.entries(fixed))
    if (jwk[name] !== value) throw new Error(`the key's ${name} is not ${value}`);
  const unknown = Object.keys(jwk).find((name) => !members.includes(name));
  if (unknown !== undefined) throw new Error(`unknown member ${unknown} of a key`);
  const { x, kid, lgsp_recorder: recorder } = jwk;
  if (typeof kid !== 'string' || typeof recorder !== 'string') throw new Error('the key names no kid or no recorder');
  if (typeof x !== 'string' || !isKeyText(x)) throw new Error(`the key ${kid} is not 32 bytes in base64url`);
  return { kid, recorder, x, publicKey: createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }) };
}

function isKeyText(x: string): boolean {
  const bytes = Buffer.from(x, 'base64url');
  return bytes.length === 32 && bytes.toString('base64url') === x;
}

/**
 * The evidence keys of a JSON Web Key Set, by their ids; keys of other uses are passed over.
 * @throws Error when it is no key set, or a key is not as it must be, or two have one id
 */
export function readKeySet(text: string): Map<string, EvidenceKey> {
  const { keys } = JSON.parse(text) as { keys?: unknown };
  if (!Array.isArray(keys)) throw new Error('it has no list of keys');
  const found = new Map<string, EvidenceKey>();
  for (const jwk of keys as Record<string, unknown>[]) {
    if (jwk['lgsp_use'] !== fixed.lgsp_use) continue;
    const key = readEvidenceJwk(jwk);
    if (found.has(key.kid)) throw new Error(`two keys have the id ${key.kid}`);
    found.set(key.kid, key);
  }
  return found;
}

/** Whether a text may be signed with the key that it names: it must be known, and its recorder's own. */
export function keyFault(
  { key: kid, recorder }: { key: string; recorder: string },
  keys: ReadonlyMap<string, EvidenceKey>,
): 'unknown-key' | 'foreign-key' | undefined {
  const key = keys.get(kid);
  if (!key) return 'unknown-key';
  return key.recorder === recorder ? undefined : 'foreign-key';
}
