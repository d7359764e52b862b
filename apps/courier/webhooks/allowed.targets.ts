import { lookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/**
 * Where webhooks may go. A caller's address must not make the bus knock at its own doors: only what the operator names is
 * reached, whatever a name resolves to at the moment of the connection.
 */
export class AllowedTargets {
  private readonly list = new BlockList();

  /** @param networks `10.20.0.0/16`, `2001:db8::/32` or single addresses */
  constructor(networks: readonly string[]) {
    for (const network of networks) {
      const [address = '', length] = network.split('/');
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      this.list.addSubnet(address, Number(length ?? (family === 'ipv6' ? 128 : 32)), family);
    }
  }

  /** Whether an address may be reached. An IPv4 address within IPv6 is what it is within. */
  allows(address: string): boolean {
    const inner = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
    const version = isIP(inner);
    return version !== 0 && this.list.check(inner, version === 6 ? 'ipv6' : 'ipv4');
  }

  /** Whether the host of a URL may be tried: a literal address is looked at here, since nobody resolves it. */
  allowsHost(hostname: string): boolean {
    const literal = hostname.replace(/^\[|\]$/g, '');
    return isIP(literal) === 0 || this.allows(literal);
  }

  /** Resolves a name for a connection, to what is allowed of it. */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      const allowed = error ? [] : addresses.filter(({ address }) => this.allows(address));
      const failure = error ?? (allowed.length === 0 ? new TargetRefused(hostname) : null);
      if (failure) callback(failure, '', 0);
      else if (options.all) callback(null, allowed);
      else callback(null, allowed[0]!.address, allowed[0]!.family);
    });
  };
}

/** The address of a webhook leads to where no webhook may go. */
export class TargetRefused extends Error {
  override readonly name = 'TargetRefused';
  constructor(hostname: string) {
    super(`${hostname} is in no network to which webhooks may go`);
  }
}
