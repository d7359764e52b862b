import { BlockList, isIP } from 'node:net';
import type { ClientRecord } from './client.record';

interface Network {
  address: string;
  prefix: number;
  family: 'ipv4' | 'ipv6';
}

/** `10.20.0.0/16`, `2001:db8::/32`, or one address; undefined for anything else. */
function parseNetwork(text: string): Network | undefined {
  const [address = '', length, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || address.includes('%') || rest.length > 0) return undefined;
  const bits = version === 4 ? 32 : 128;
  const prefix = length === undefined ? bits : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  return prefix <= bits ? { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' } : undefined;
}

export const isNetwork = (text: string): boolean => parseNetwork(text) !== undefined;

/** Networks of which an address may be one. */
export class Networks {
  private readonly list = new BlockList();

  /** @param texts `10.20.0.0/16`, `2001:db8::/32` or single addresses; what is none of them is passed over */
  constructor(texts: readonly string[]) {
    for (const { address, prefix, family } of texts.map(parseNetwork).filter((network) => network !== undefined))
      this.list.addSubnet(address, prefix, family);
  }

  /** Whether the address is in one of them; one that is not known is in none. */
  include(address: string | undefined): boolean {
    if (address === undefined || isIP(address) === 0) return false;
    return this.list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
  }
}

/** Made once per record: a changed client is another record. */
const made = new WeakMap<ClientRecord, Networks>();

/**
 * Whether the client may call from this address. A client without networks may from any; one that has some may not where
 * the address is not known.
 */
export function mayCallFrom(client: ClientRecord, address: string | undefined): boolean {
  if (!client.networks || client.networks.length === 0) return true;
  let networks = made.get(client);
  if (!networks) made.set(client, (networks = new Networks(client.networks)));
  return networks.include(address);
}
