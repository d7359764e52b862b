import type { FastifyReply } from 'fastify';
import type { CallAnswer } from '#lgsp/dispatch';
import { problemMediaType } from '#lgsp/errors';

export function sendAnswer(reply: FastifyReply, { status, code, body, retryAfterMs }: CallAnswer): void {
  reply
    .code(status)
    .header('content-type', code ? `${problemMediaType}; charset=utf-8` : 'application/json')
    .header('cache-control', 'no-store');
  if (retryAfterMs !== undefined) reply.header('retry-after', String(Math.ceil(retryAfterMs / 1_000)));
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="lgsp", ApiKey realm="lgsp"');
  reply.send(body);
}

/** Where an accepted command is looked after (RFC 7240). */
export function sayAccepted(reply: FastifyReply, transactionId: string): void {
  reply.header('location', `/v1/transactions/${transactionId}`).header('preference-applied', 'respond-async');
}
