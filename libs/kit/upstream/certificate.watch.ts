import { TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';

/**
 * Connects, and tells with each TLS connection when the certificate of the other side expires: an outside system whose
 * certificate runs out is down from one minute to the next, and its own people may be the last to see it.
 * @param tell gets epoch milliseconds
 */
export function connectorOf(timeoutMs: number, tell: (expiresAt: number) => void): buildConnector.connector {
  const connect = buildConnector({ timeout: timeoutMs });
  return (options, callback) =>
    connect(options, (...connected) => {
      const [, socket] = connected;
      if (socket instanceof TLSSocket) {
        // Nothing is shown when an earlier session is taken up again: then it is the same certificate.
        const expiresAt = Date.parse(socket.getPeerCertificate().valid_to ?? '');
        if (!Number.isNaN(expiresAt)) tell(expiresAt);
      }
      callback(...connected);
    });
}
