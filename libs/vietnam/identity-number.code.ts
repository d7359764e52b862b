import { accept, refuse, type Parsed } from './parsed';
import { parsePersonalId, type PersonalId } from './personal-id.code';

/** An old identity card number (số chứng minh nhân dân, CMND). Its digits say nothing that may be relied on. */
export interface OldIdentityNumber {
  digits: string;
}

export type IdentityNumber =
  | ({ kind: 'personal-id' } & PersonalId)
  | ({ kind: 'old-identity-number' } & OldIdentityNumber);

const oldIdentityNumberPattern = /^[0-9]{9}$/;
export const identityNumberPattern = /^(?:[0-9]{9}|[0-9]{12})$/;

/**
 * Reads an old identity card number: 9 digits, no check digit. Older records and relatives still carry it.
 * Source: Decree 05/1999/NĐ-CP.
 *
 * @example parseOldIdentityNumber('031234567')
 */
export function parseOldIdentityNumber(text: string): Parsed<OldIdentityNumber> {
  return oldIdentityNumberPattern.test(text) ? accept({ digits: text }) : refuse('old-identity-number');
}

/**
 * Reads either number and says which it is by its length, as clients of the population database do to choose between
 * its fields `SoCMND` (9) and `SoDinhDanh` (12).
 */
export function parseIdentity(text: string): Parsed<IdentityNumber> {
  const personalId = parsePersonalId(text);
  if (personalId.ok) return accept({ kind: 'personal-id', ...personalId.value });
  const old = parseOldIdentityNumber(text);
  if (old.ok) return accept({ kind: 'old-identity-number', ...old.value });
  return refuse('identity-number');
}
