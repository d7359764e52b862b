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

/** Made once per record: a changed client is another record. */
const made = new WeakMap<ClientRecord, BlockList>();

function networksOf(client: ClientRecord, networks: readonly string[]): BlockList {
  let list = made.get(client);
  if (!list) {
    made.set(client, (list = new BlockList()));
    for (const { address, prefix, family } of networks.map(parseNetwork).filter((network) => network !== undefined))
      list.addSubnet(address, prefix, family);
  }
  return list;
}

/**
 * Whether the client may call from this address. A client without networks may from any; one that has some may not where
 * the address is not known.
 */
export function mayCallFrom(client: ClientRecord, address: string | undefined): boolean {
  if (!client.networks || client.networks.length === 0) return true;
  if (address === undefined || isIP(address) === 0) return false;
  return networksOf(client, client.networks).check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
}
