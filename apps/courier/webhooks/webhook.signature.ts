import { createHmac } from 'node:crypto';

/** The headers of a message by the Standard Webhooks specification, by which its receiver knows that the bus sent it. */
export function signedHeaders(
  secret: Buffer,
  { id, body, now = Date.now() }: { id: string; body: string; now?: number },
): Record<string, string> {
  const timestamp = String(Math.floor(now / 1_000));
  const signature = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
