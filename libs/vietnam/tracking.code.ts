import { accept, refuse, type Parsed } from './parsed';

export type PostalService = 'ems' | 'registered' | 'parcel' | 'express-letter' | 'other';
export type TrackingWarning = 's10-check-digit' | 'not-s10';

/** A postal tracking number (số hiệu bưu gửi), in the international form S10 or in a carrier's own. */
export type TrackingNumber =
  | {
      form: 's10';
      code: string;
      service: PostalService;
      /** The two letters in front. */
      serviceIndicator: string;
      serial: string;
      checkDigit: number;
      /** Two letters of ISO 3166: the country of posting. */
      country: string;
      warnings: TrackingWarning[];
    }
  | { form: 'domestic'; code: string; warnings: TrackingWarning[] };

export const trackingNumberPattern = /^[A-Za-z0-9][A-Za-z0-9-]{4,39}$/;

const s10 = /^(?<indicator>[A-Z]{2})(?<serial>[0-9]{8})(?<check>[0-9])(?<country>[A-Z]{2})$/;
const weights = [8, 6, 4, 2, 3, 5, 9, 7] as const;
const services: Readonly<Record<string, PostalService>> = {
  E: 'ems',
  R: 'registered',
  C: 'parcel',
  L: 'express-letter',
};

/**
 * Reads a tracking number: UPU S10 is `LLNNNNNNNNCLL`, two letters of service, eight digits, a check digit, the country.
 * A wrong check digit warns; a domestic item's other number is taken as it is, with a warning. Source: UPU standard S10.
 *
 * @example parseTrackingNumber('EE123456785VN') // s10, EMS, no warning
 * @example parseTrackingNumber('EE123456789VN') // s10, warns 's10-check-digit'
 */
export function parseTrackingNumber(text: string): Parsed<TrackingNumber> {
  if (!trackingNumberPattern.test(text)) return refuse('tracking-number');
  const parts = s10.exec(text)?.groups;
  if (!parts) return accept({ form: 'domestic', code: text, warnings: ['not-s10'] });
  const { indicator, serial, check, country } = parts as Record<'indicator' | 'serial' | 'check' | 'country', string>;
  return accept({
    form: 's10',
    code: text,
    service: services[indicator[0]!] ?? 'other',
    serviceIndicator: indicator,
    serial,
    checkDigit: Number(check),
    country,
    warnings: s10CheckDigit(serial) === Number(check) ? [] : ['s10-check-digit'],
  });
}

/** 11 − (weighted sum mod 11) of the eight digits, where 10 is written 0 and 11 is written 5. */
export function s10CheckDigit(serial: string): number {
  const sum = weights.reduce((total, weight, index) => total + weight * Number(serial[index]), 0);
  const check = 11 - (sum % 11);
  if (check === 10) return 0;
  return check === 11 ? 5 : check;
}
