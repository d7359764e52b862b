import { isUtf8 } from 'node:buffer';
import type { FastifyReply } from 'fastify';
import type { CallAnswer } from '#lgsp/dispatch';
import { problemMediaType } from '#lgsp/errors';

/**
 * Bytes up to which an answer is sent as text: Node then writes head and body at once, which costs the system half as much. As
 * it is UTF-8, the caller gets the very bytes of the connector all the same.
 */
const textMax = 16_384;
const textOf = ({ buffer, byteOffset, length }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, length).toString('utf8');

export function sendAnswer(reply: FastifyReply, { status, code, body, retryAfterMs }: CallAnswer): void {
  reply
    .code(status)
    .header('content-type', code ? `${problemMediaType}; charset=utf-8` : 'application/json')
    .header('cache-control', 'no-store');
  if (retryAfterMs !== undefined) reply.header('retry-after', String(Math.ceil(retryAfterMs / 1_000)));
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="lgsp", ApiKey realm="lgsp"');
  reply.send(body.length <= textMax && isUtf8(body) ? textOf(body) : body);
}

/** Where an accepted command is looked after (RFC 7240). */
export function sayAccepted(reply: FastifyReply, transactionId: string): void {
  reply.header('location', `/v1/transactions/${transactionId}`).header('preference-applied', 'respond-async');
}
