const basicScheme = /^Basic ([A-Za-z0-9+/=]{4,400})$/i;

export interface Credentials {
  id: string;
  secret: string;
}

/** Id and secret of `Authorization: Basic`; RFC 6749 wants them percent-encoded within it, and most callers do not. */
export function basicCredentials(authorization: string | undefined): Credentials | undefined {
  const encoded = basicScheme.exec(authorization ?? '')?.[1];
  const pair = Buffer.from(encoded ?? '', 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon < 1 ? undefined : { id: pair.slice(0, colon), secret: pair.slice(colon + 1) };
}
