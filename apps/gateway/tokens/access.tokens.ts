import { hash } from 'node:crypto';
import { decodeJwt, errors, jwtVerify, SignJWT } from 'jose';
import type { ClientRecord } from '#lgsp/clients';
import { BusError } from '#lgsp/errors';
import type { OutsideIssuer } from './outside.issuer';
import type { SigningKeys } from './signing.keys';
import { clockToleranceSeconds, type VerifiedToken } from './verified.token';

export const tokenSeconds = 3_600;
const issuer = 'lgsp';
const audience = 'lgsp';
/** Longest token that is looked at, in characters, and most verified ones that are remembered. */
const tokenLengthMax = 4_096;
const rememberedMax = 50_000;

/**
 * Access tokens of clients: signed by the gateway, or by an outside issuer where one is configured; verified once and then
 * remembered by their SHA-256 until they expire. Whether their client may still call is asked anew on every call.
 */
export class AccessTokens {
  private readonly remembered = new Map<string, VerifiedToken>();

  constructor(
    private readonly keys: SigningKeys,
    readonly outside?: OutsideIssuer,
  ) {}

  async issue(client: ClientRecord): Promise<{ token: string; scope: string }> {
    const { kid, privateKey } = this.keys.current();
    const scope = client.grants.join(' ');
    const token = await new SignJWT({ scope })
      .setProtectedHeader({ alg: 'EdDSA', kid, typ: 'at+jwt' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(client.id)
      .setJti(crypto.randomUUID())
      .setIssuedAt()
      .setExpirationTime(`${tokenSeconds}s`)
      .sign(privateKey);
    return { token, scope };
  }

  /** The id of the client whose token this is. At once for a token that was seen before. @throws BusError */
  identify(token: string): string | Promise<string> {
    const digest = hash('sha256', token, 'base64');
    const known = this.remembered.get(digest);
    if (!known) return this.verify(token, digest);
    const now = Date.now();
    if (known.expiresAt > now && (known.believedUntil ?? now) >= now) return known.clientId;
    this.remembered.delete(digest);
    if (known.expiresAt > now) return this.verify(token, digest);
    throw new BusError('token-expired');
  }

  private async verify(token: string, digest: string): Promise<string> {
    if (token.length > tokenLengthMax) throw new BusError('unauthenticated');
    try {
      const verified = await this.verifierOf(token).verify(token);
      if (this.remembered.size >= rememberedMax) this.remembered.delete(this.remembered.keys().next().value!);
      this.remembered.set(digest, verified);
      return verified.clientId;
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw new BusError('token-expired');
      if (error instanceof errors.JOSEError) throw new BusError('unauthenticated', { cause: error });
      throw error;
    }
  }

  /** Whose token it says it is: nothing else of it is believed before it is verified. */
  private verifierOf(token: string): { verify(token: string): Promise<VerifiedToken> } {
    const { outside } = this;
    return outside?.issued(decodeJwt(token).iss) ? outside : { verify: (own) => this.verifyOwn(own) };
  }

  private async verifyOwn(token: string): Promise<VerifiedToken> {
    const { payload } = await jwtVerify(
      token,
      ({ kid }) => {
        const key = this.keys.publicKey(kid);
        if (!key) throw new errors.JWKSNoMatchingKey();
        return key;
      },
      {
        algorithms: ['EdDSA'],
        issuer,
        audience,
        typ: 'at+jwt',
        requiredClaims: ['sub', 'exp', 'iat', 'jti'],
        clockTolerance: clockToleranceSeconds,
      },
    );
    return { clientId: payload.sub!, expiresAt: payload.exp! * 1_000 };
  }
}
