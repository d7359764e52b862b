import { accept, refuse, type Parsed } from './parsed';

export interface VietnamesePhone {
  kind: 'mobile' | 'landline' | 'hotline';
  /** With the trunk 0 and no separators, as most upstreams want it: `0912345678`; a hotline as it is dialled. */
  national: string;
  /** `+84912345678`; a hotline has none. */
  e164?: string;
}

/** What a number may be written with; the parser counts its digits. */
export const phonePattern = /^[+(]{0,2}[0-9][0-9 .()-]{6,23}$/;

const mobile = /^[35789][0-9]{8}$/;
const landline = /^2[0-9]{8,9}$/;
const hotline = /^1[89]00[0-9]{4,6}$/;

/**
 * Reads a Vietnamese telephone number leniently: `0912 345 678`, `+84 912.345.678`, `0084…`, `(0225) 3-842-123`, and
 * hotlines `1900 1234`. The kind goes by the first digit of the numbering plan (Circular 22/2014/TT-BTTTT); carriers'
 * prefixes are not checked, because they change.
 */
export function parsePhone(text: string): Parsed<VietnamesePhone> {
  if (!phonePattern.test(text)) return refuse('vietnamese-phone');
  const dialled = text.replace(/[ .()-]/g, '');
  if (hotline.test(dialled)) return accept({ kind: 'hotline', national: dialled });
  const subscriber = /^(?:\+84|0084|84|0)(?<rest>[1-9][0-9]*)$/.exec(dialled)?.groups?.['rest'] ?? '';
  const kind = mobile.test(subscriber) ? 'mobile' : landline.test(subscriber) ? 'landline' : undefined;
  if (!kind) return refuse('vietnamese-phone');
  return accept({ kind, national: `0${subscriber}`, e164: `+84${subscriber}` });
}
