import { ErrorCode, NatsError, type MsgHdrs } from 'nats';

/** Header pairs; undefined values are left out. */
export type HeaderPairs = Readonly<Record<string, string | undefined>>;

const lineEnd = /[\r\n]/;

/**
 * Headers of a message that is sent, written as they are named. The client library's own keep a list for each name and search
 * all of them for every one that is set: a sixth of what a query allocated. Of headers to be sent it asks for their bytes only.
 * @param sets under names that are our own
 * @throws NatsError `BAD_HEADER` when a value would end its line
 */
export function wireHeaders(...sets: readonly HeaderPairs[]): MsgHdrs {
  let text = 'NATS/1.0\r\n';
  for (const pairs of sets) {
    for (const name in pairs) {
      const value = pairs[name];
      if (value === undefined) continue;
      if (lineEnd.test(value)) throw new NatsError(`the header ${name} has more than one line`, ErrorCode.BadHeader);
      text += `${name}: ${value}\r\n`;
    }
  }
  const bytes = Buffer.from(`${text}\r\n`);
  return { encode: () => bytes } as unknown as MsgHdrs;
}
