import type { IncomingMessage } from 'node:http';
import { Networks } from '#lgsp/clients';
import { BusError } from '#lgsp/errors';
import type { CallerAddress } from '../admission/caller.address';
import type { Rate } from '../limits/limit';
import { LocalLimiter } from '../limits/local.limiter';

export interface CallbackDoorOptions {
  /** From where each system may call back; a system that is not here may from nowhere. */
  networks: Readonly<Record<string, readonly string[]>>;
  /** Callbacks a second of one system, of which one address has half. */
  perSecond: number;
}

/** Who may knock: callbacks bear no token, so only addresses that the operator names are listened to, and not too often. */
export class CallbackDoor {
  private readonly networks: ReadonlyMap<string, Networks>;
  private readonly limiter = new LocalLimiter(1);

  constructor(
    private readonly options: CallbackDoorOptions,
    private readonly addresses: CallerAddress,
  ) {
    this.networks = new Map(Object.entries(options.networks).map(([system, list]) => [system, new Networks(list)]));
  }

  /** @throws BusError `address-not-allowed`, `rate-limited` */
  admit(system: string, request: Pick<IncomingMessage, 'headers' | 'socket'>): void {
    const address = this.addresses.of(request);
    if (!this.networks.get(system)?.include(address)) throw new BusError('address-not-allowed');
    const { perSecond } = this.options;
    const { refusedBy, retryAfterMs } = this.limiter.admit([
      rate('callbacks', `callbacks:${system}`, perSecond),
      rate('callbacks-address', `callbacks:${system}:${address}`, Math.max(1, perSecond / 2)),
    ]);
    if (refusedBy) throw new BusError('rate-limited', { retryAfterMs });
  }

  /** From where it comes, for the log; `unknown` where our proxies do not say. */
  addressOf(request: Pick<IncomingMessage, 'headers' | 'socket'>): string {
    return (this.addresses.of(request) ?? 'unknown').replaceAll(/[^0-9A-Za-z:.%]/g, '?').slice(0, 45);
  }
}

/** Twice as many at once as in a second. */
const rate = (name: string, key: string, limit: number): Rate => ({
  kind: 'rate',
  name,
  key,
  limit,
  periodMs: 1_000,
  burst: Math.ceil(2 * limit),
});
