import type { UpstreamAuth } from './http.upstream';

/** What the header `lgspaccesstoken` holds, in this order. */
export const partnerFields = ['AccessKey', 'SecretKey', 'AppName', 'PartnerCode', 'PartnerCodeCus'] as const;
export type Partner = Record<(typeof partnerFields)[number], string>;

/**
 * Adds the header `lgspaccesstoken` beside what the auth sends: base64 of who the partner is, its secret included. Some façades
 * of provinces want it together with a token; without a partner the auth stays as it is.
 */
export function withPartner(auth: UpstreamAuth, partner: Partner | undefined): UpstreamAuth {
  if (!partner) return auth;
  const ordered = Object.fromEntries(partnerFields.map((field) => [field, partner[field]]));
  const lgspaccesstoken = Buffer.from(JSON.stringify(ordered)).toString('base64');
  return {
    headers: async (call, request) => ({ ...(await auth.headers(call, request)), lgspaccesstoken }),
    refused: () => auth.refused?.() ?? false,
  };
}
