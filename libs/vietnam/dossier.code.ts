import { dottedSource, reversedSource, type AgencyCodeForm } from './agency.code';
import { isRealDate } from './calendar.date';
import { accept, refuse, type Parsed } from './parsed';

/** A dossier code (mã hồ sơ). Never the only key of anything: a linked dossier carries two, one of each portal. */
export interface DossierCode {
  code: string;
  /** The direction of its agency code, or `opaque` for the code of another system. */
  kind: AgencyCodeForm | 'opaque';
  agency?: string;
  /** The day of receipt, `2025-08-12`. */
  receivedOn?: string;
  /** The number within the day or year; leading zeros are part of it. */
  serial?: string;
}

/** What any dossier code must look like, also another system's; the first character keeps paths and options out. */
export const dossierCodePattern = /^[A-Za-z0-9][A-Za-z0-9._/-]{5,63}$/;

const structured = new RegExp(
  `^(?<agency>${dottedSource}|${reversedSource})-(?<day>[0-9]{6}|[0-9]{8})-(?<serial>[0-9]{4,7})$`,
);

/**
 * Reads a dossier code in every shape that is alive:
 * - `V1V2V3.Z1Z2.Y1Y2.MX1X2-YYMMDD-XXXX`: Circular 01/2018/TT-VPCP, article 19;
 * - the same with a reversed agency code, `H21.129-250812-0035`, in production;
 * - an eight-digit date and a longer serial, `G09.20-20260609-0092637`, in production;
 * - codes of other systems (the inter-agency service and the Ministry of Public Security have their own): `opaque`.
 *
 * A code of the first three shapes whose date is no day of the calendar is mistyped: refused as `dossier-code-date`.
 */
export function parseDossierCode(text: string): Parsed<DossierCode> {
  if (!dossierCodePattern.test(text)) return refuse('dossier-code');
  const parts = structured.exec(text)?.groups;
  if (!parts) return accept({ code: text, kind: 'opaque' });
  const { agency, day, serial } = parts as { agency: string; day: string; serial: string };
  // Dossier codes are younger than this century, so two digits of year are of the 2000s.
  const digits = day.length === 6 ? `20${day}` : day;
  const [year, month, date] = [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6)];
  if (!isRealDate(Number(year), Number(month), Number(date))) return refuse('dossier-code-date');
  const kind = /^[0-9]/.test(agency) ? 'dotted' : 'reversed';
  return accept({ code: text, kind, agency, receivedOn: `${year}-${month}-${date}`, serial });
}
