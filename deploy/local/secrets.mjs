/** Secrets of this installation: made at the first start, kept in a file that only its owner can read. */
import { randomBytes } from 'node:crypto';
import { places, readIfThere, writePrivate } from './places.mjs';

/**
 * @typedef {object} Secrets
 * @property {string} sandbox from which the credentials of all outside systems are derived
 * @property {string} redis its password
 * @property {string} officers key of the hash under which officers stand in the book
 * @property {Record<string, string>} nats password by user
 */

/**
 * The secrets, with those that are missing made and kept: a new system gets its password at the next start.
 * @param {readonly string[]} natsUsers
 * @returns {Secrets}
 */
export function keepSecrets(natsUsers) {
  const text = readIfThere(places.secrets);
  /** @type {Partial<Secrets>} */
  const known = text === undefined ? {} : JSON.parse(text);
  const nats = Object.fromEntries(natsUsers.map((user) => [user, known.nats?.[user] ?? newSecret()]));
  const secrets = {
    sandbox: known.sandbox ?? newSecret(),
    redis: known.redis ?? newSecret(),
    officers: known.officers ?? newSecret(),
    nats: { ...known.nats, ...nats },
  };
  writePrivate(places.secrets, `${JSON.stringify(secrets, null, 2)}\n`);
  return secrets;
}

/** The file with the key under which asynchronous commands lie on the bus: in no environment, where other processes might read it. */
export function keepJobKey() {
  if (readIfThere(places.jobKey) === undefined) writePrivate(places.jobKey, `${newSecret()}\n`);
  return places.jobKey;
}

/** 256 random bits. */
const newSecret = () => randomBytes(32).toString('base64url');
