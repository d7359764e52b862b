import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { KeyValueStore, type BusConnection } from '#lgsp/bus';
import { evidenceKeysBucket, type RecorderKey, type RecorderPublicKey } from '#lgsp/records';

/** Who records in this process: a name that no other run of it has, and a key that never leaves it. */
export interface RecorderIdentity {
  /** `gateway-4f1c09a2`. */
  name: string;
  key: RecorderKey;
}

/** The public keys of all recorders there ever were; nothing is taken out, so that old batches stay provable. */
export function openEvidenceKeys(connection: BusConnection): Promise<KeyValueStore<RecorderPublicKey>> {
  const description = 'public keys of the recorders of transactions, for ever';
  return KeyValueStore.open<RecorderPublicKey>(connection, { bucket: evidenceKeysBucket, description });
}

/**
 * Makes the identity of this run and publishes its public key: before the first batch, so that no batch is ever there
 * without the key that proves it.
 */
export async function makeIdentity(connection: BusConnection, process: string): Promise<RecorderIdentity> {
  const name = `${process}-${randomBytes(4).toString('hex')}`;
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x } = publicKey.export({ format: 'jwk' });
  const published: RecorderPublicKey = {
    kid: name,
    recorder: name,
    from: Date.now(),
    jwk: { kty: 'OKP', crv: 'Ed25519', x: x! },
  };
  const keys = await openEvidenceKeys(connection);
  if ((await keys.create(published.kid, published)) === undefined) return makeIdentity(connection, process);
  return { name, key: { kid: name, privateKey } };
}
