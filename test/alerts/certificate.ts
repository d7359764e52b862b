import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** A self-signed certificate of `localhost`, and its key, in PEM. */
export interface TestCertificate {
  cert: string;
  key: string;
}

/** Makes a certificate (X.509 v3, Ed25519) that serves until a time: Node itself makes none. */
export function selfSigned(expiresAt: Date): TestCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  // A name of its own, since trust is looked up by it.
  const commonName = Buffer.from(`drill ${randomBytes(4).toString('hex')}`);
  const name = sequence(der(0x31, sequence(oid('550403'), der(0x0c, commonName))));
  const algorithm = sequence(oid('2b6570'));
  const extensions = sequence(
    sequence(oid('551d13'), der(0x01, Buffer.from([0xff])), octets(sequence(der(0x01, Buffer.from([0xff]))))),
    sequence(oid('551d11'), octets(sequence(der(0x82, Buffer.from('localhost'))))),
  );
  const signed = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    name,
    sequence(time(new Date(Date.now() - 60_000)), time(expiresAt)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions),
  );
  const certificate = sequence(signed, algorithm, bits(sign(null, signed, privateKey)));
  const lines = certificate.toString('base64').replaceAll(/(.{64})/g, '$1\n');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines.trimEnd()}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}

/** One element of DER: tag, length, content. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head =
    length < 128 ? [tag, length] : length < 256 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from(head), content]);
}

const sequence = (...parts: Buffer[]): Buffer => der(0x30, ...parts);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const octets = (content: Buffer): Buffer => der(0x04, content);
const bits = (content: Buffer): Buffer => der(0x03, Buffer.from([0]), content);
/** GeneralizedTime, whole seconds. */
const time = (at: Date): Buffer => der(0x18, Buffer.from(at.toISOString().replaceAll(/[-:T]|\.\d+/g, '')));
