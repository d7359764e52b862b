import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { BusError } from '#lgsp/errors';

const keyBytes = 32;
const idBytes = 4;
const nonceBytes = 12;
const tagBytes = 16;

interface SealKey {
  /** Which key it is, at the head of what it sealed. */
  id: Buffer;
  cipher: Buffer;
  mark: Buffer;
}

/** Whether a text is a key: 32 bytes, base64url. */
export function isJobKey(text: string): boolean {
  return /^[\w-]{43}=?$/.test(text) && Buffer.from(text, 'base64url').length === keyBytes;
}

/**
 * Jobs lie on the bus for hours or days with everything that their callers sent: encrypted (AES-256-GCM) with a key that only
 * gateways and couriers have. What a job is, its turn, is sealed in as well, so that none can be put in the place of another.
 */
export class JobSeal {
  private readonly keys: SealKey[];

  /** @param key seals, 32 bytes as base64url @param earlier one that sealed before, until what it sealed is gone */
  constructor(key: string, earlier?: string) {
    this.keys = [key, earlier].filter((text) => text !== undefined).map(sealKeyOf);
  }

  /** @param about what the bytes belong to; the same is needed to open them */
  seal(bytes: Uint8Array, about: string): Buffer {
    const { id, cipher: key } = this.keys[0]!;
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about));
    const sealed = [cipher.update(bytes), cipher.final()];
    return Buffer.concat([id, nonce, ...sealed, cipher.getAuthTag()]);
  }

  /**
   * A name for what is sealed, 32 hexadecimal digits: the same for the same bytes, and nobody without the key can find out
   * by it whether he has guessed them.
   */
  mark(about: string, bytes: Uint8Array): string {
    const mark = createHmac('sha256', this.keys[0]!.mark).update(about).update('\0').update(bytes);
    return mark.digest('hex').slice(0, 32);
  }

  /** @throws BusError `internal` when it was sealed with another key, or was changed, or belongs to something else */
  open(sealed: Uint8Array, about: string): Buffer {
    const bytes = Buffer.from(sealed);
    const key = this.keys.find(({ id }) => id.equals(bytes.subarray(0, idBytes)));
    if (!key) throw new BusError('internal', { cause: new Error('a job was sealed with a key that is not here') });
    const textAt = idBytes + nonceBytes;
    const decipher = createDecipheriv('aes-256-gcm', key.cipher, bytes.subarray(idBytes, textAt));
    decipher.setAAD(Buffer.from(about)).setAuthTag(bytes.subarray(-tagBytes));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(textAt, -tagBytes)), decipher.final()]);
    } catch (cause) {
      throw new BusError('internal', { cause });
    }
  }
}

function sealKeyOf(text: string): SealKey {
  const secret = Buffer.from(text, 'base64url');
  const derive = (purpose: string, bytes: number): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, '', `lgsp job ${purpose}`, bytes));
  return { id: derive('id', idBytes), cipher: derive('content', keyBytes), mark: derive('mark', keyBytes) };
}
