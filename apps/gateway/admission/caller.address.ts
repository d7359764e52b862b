import type { IncomingMessage } from 'node:http';

const mapped = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i;
const withPort = /^(?:\[([^\]]+)\]|(\d+\.\d+\.\d+\.\d+))(?::\d{1,5})?$/;

/**
 * From where a call comes. Each proxy of ours appends the address that called it to `X-Forwarded-For`, so the caller's is as
 * far from the end as there are proxies; whatever stands before it was written by the caller, and is not looked at.
 */
export class CallerAddress {
  /** @param trustedProxies of ours before the gateway; with none the header is not looked at at all */
  constructor(private readonly trustedProxies: number) {}

  /** Undefined when fewer proxies than there should be have written into the header: then nobody knows. */
  of({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): string | undefined {
    if (this.trustedProxies === 0) return plain(socket.remoteAddress);
    const forwarded = headers['x-forwarded-for'];
    const addresses = (Array.isArray(forwarded) ? forwarded.join(',') : (forwarded ?? '')).split(',');
    return plain(addresses.at(-this.trustedProxies)?.trim());
  }
}

/** Without a port, brackets, and the prefix that an IPv4 address has on a socket of both kinds. */
function plain(address: string | undefined): string | undefined {
  const [, bracketed, dotted] = withPort.exec(address ?? '') ?? [];
  return (bracketed ?? dotted ?? address)?.replace(mapped, '');
}
