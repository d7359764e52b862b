import { createRemoteJWKSet, customFetch, jwtVerify, type FetchImplementation, type RemoteJWKSet } from 'jose';
import { BusError } from '#lgsp/errors';
import type { Logger } from '#lgsp/telemetry';
import { clockToleranceSeconds, type VerifiedToken } from './verified.token';

export interface OutsideIssuerOptions {
  /** Exactly as it stands in `iss`. */
  issuer: string;
  /** What `aud` must hold: the name of this bus at the issuer. */
  audience: string;
  jwksUrl: string;
  /** The claim that holds the id of the client as it is registered here. */
  clientClaim: string;
  /** How long keys are believed when the issuer does not answer, in milliseconds. */
  keysMs: number;
  /** Least time between two looks at the keys, in milliseconds. */
  refetchMs: number;
}

/** Signatures by a key of which only the issuer has the private half: never HMAC, never none. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const fetchTimeoutMs = 3_000;
const answerBytesMax = 262_144;
/** How long the issuer is left alone after it did not answer, so that not every call waits for it. */
const pauseMsMax = 5_000;

/**
 * An OpenID issuer beside the gateway itself, such as a province's sign-on. Its keys are fetched once for all who wait, kept,
 * and looked at again in the background: a new one serves and a withdrawn one ends soon after, without a restart.
 */
export class OutsideIssuer {
  /** Why its keys may be old; undefined while it answers. */
  degraded?: string;
  private readonly keys: RemoteJWKSet;
  private pausedUntil = 0;

  constructor(
    private readonly options: OutsideIssuerOptions,
    private readonly log: Logger,
  ) {
    const { jwksUrl, keysMs: cacheMaxAge, refetchMs: cooldownDuration } = options;
    const fetching: FetchImplementation = (url, init) => this.fetchKeys(url, init);
    this.keys = createRemoteJWKSet(new URL(jwksUrl), {
      cacheMaxAge,
      cooldownDuration,
      timeoutDuration: fetchTimeoutMs,
      [customFetch]: fetching,
    });
  }

  /** Fetches the keys ahead of the first token. */
  start(): void {
    this.refresh();
  }

  issued(issuer: unknown): boolean {
    return issuer === this.options.issuer;
  }

  /** @throws JOSEError when the token is not to be believed; BusError `upstream-unreachable` when that cannot be known */
  async verify(token: string): Promise<VerifiedToken> {
    const { issuer, audience, clientClaim, refetchMs } = this.options;
    if (this.keys.fresh && !this.keys.coolingDown) this.refresh();
    const { payload } = await jwtVerify(token, this.keys, {
      algorithms,
      issuer,
      audience,
      requiredClaims: ['exp', clientClaim],
      clockTolerance: clockToleranceSeconds,
    });
    const clientId = payload[clientClaim];
    if (typeof clientId !== 'string') throw new BusError('unauthenticated');
    // Verified anew after a while, so that a key that the issuer withdraws ends what it has signed.
    return { clientId, expiresAt: payload.exp! * 1_000, believedUntil: Date.now() + refetchMs };
  }

  /** In the background: what was fetched before serves meanwhile. */
  private refresh(): void {
    this.keys.reload().catch((error: unknown) => {
      if (!(error instanceof BusError)) this.degrade(error);
    });
  }

  private async fetchKeys(...[url, init]: Parameters<FetchImplementation>): Promise<Response> {
    if (Date.now() < this.pausedUntil) throw this.unreachable();
    try {
      const response = await fetch(url, init);
      const text = await readBounded(response);
      if (response.status !== 200) throw new Error(`the issuer answered ${response.status}`);
      const { keys } = JSON.parse(text) as { keys?: unknown };
      if (!Array.isArray(keys) || keys.some((key) => typeof key !== 'object' || key === null))
        throw new Error('the issuer answered something that holds no keys');
      this.recover();
      return new Response(text);
    } catch (error) {
      this.pausedUntil = Date.now() + Math.min(this.options.refetchMs, pauseMsMax);
      this.degrade(error);
      throw this.unreachable(error);
    }
  }

  private unreachable(cause?: unknown): BusError {
    const retryAfterMs = Math.max(1, this.pausedUntil - Date.now());
    return new BusError('upstream-unreachable', { detail: cannotVerify, retryAfterMs, cause });
  }

  private degrade(error: unknown): void {
    if (this.degraded) return; // Said once: the log is not filled by an outage.
    this.degraded = 'the outside issuer of tokens does not answer: its keys may be old';
    this.log.warn({ err: error }, this.degraded);
  }

  private recover(): void {
    if (this.degraded) this.log.info('the outside issuer of tokens answers again');
    this.degraded = undefined;
  }
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > answerBytesMax) throw new Error(`the issuer's keys are larger than ${answerBytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const cannotVerify = {
  en: 'the issuer of this token does not answer, so the token cannot be verified now',
  vi: 'hệ thống cấp mã không trả lời nên chưa kiểm tra được mã truy cập',
};
