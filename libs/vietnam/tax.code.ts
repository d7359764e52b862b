import { accept, refuse, type Parsed } from './parsed';

/** A tax code (mã số thuế), which is also the enterprise code (mã số doanh nghiệp, MSDN). */
export interface TaxCode {
  code: string;
  /** The ten digits of the enterprise. */
  enterprise: string;
  /** The three digits of a branch or dependent unit. */
  branch?: string;
  warnings: TaxCodeWarning[];
}

export type TaxCodeWarning = 'tax-code-check-digit';

export const taxCodePattern = /^[0-9]{10}(?:-[0-9]{3})?$/;

const weights = [31, 29, 23, 19, 17, 13, 7, 5, 3] as const;

/**
 * Reads a tax code: `NNNNNNNNNC`, or `NNNNNNNNNC-NNN` for a branch. The check digit C is background knowledge, so a
 * wrong one warns and does not refuse. Source of the shape: Circular 86/2024/TT-BTC.
 *
 * @example parseTaxCode('0123456787-001') // enterprise '0123456787', branch '001'
 */
export function parseTaxCode(text: string): Parsed<TaxCode> {
  if (!taxCodePattern.test(text)) return refuse('tax-code');
  const [enterprise, branch] = text.split('-') as [string, string?];
  const right = taxCodeCheckDigit(enterprise.slice(0, 9)) === Number(enterprise[9]);
  return accept({ code: text, enterprise, branch, warnings: right ? [] : ['tax-code-check-digit'] });
}

/** 10 − (weighted sum mod 11) of the first nine digits; 10 means that no digit fits and the number is not given out. */
export function taxCodeCheckDigit(firstNine: string): number {
  const sum = weights.reduce((total, weight, index) => total + weight * Number(firstNine[index]), 0);
  return 10 - (sum % 11);
}
