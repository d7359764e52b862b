import { accept, refuse, type Parsed } from './parsed';
import { procedureCatalogue, type Procedure } from './procedure.catalogue';

/** An administrative procedure code (mã thủ tục hành chính, TTHC): a series digit, a dot, six digits. */
export interface ProcedureCode {
  code: string;
  series: string;
  number: string;
}

export type ProcedureState =
  | { state: 'valid' | 'expired' | 'not-yet-valid'; procedure: Procedure }
  /** Not in the catalogue, which says more about the catalogue than about the code: no reason to refuse. */
  | { state: 'unknown' };

export const procedureCodePattern = /^[0-9]\.[0-9]{6}$/;

/**
 * Reads a procedure code as the National Database of Administrative Procedures (Cơ sở dữ liệu quốc gia về TTHC) gives it.
 *
 * @example parseProcedure('1.001193') // birth registration
 */
export function parseProcedure(text: string): Parsed<ProcedureCode> {
  if (!procedureCodePattern.test(text)) return refuse('procedure-code');
  return accept({ code: text, series: text.slice(0, 1), number: text.slice(2) });
}

/**
 * What the catalogue says of a code on a day (`yyyy-MM-dd`). A code may have several entries, one after the other: the
 * one in use on that day answers, otherwise the last.
 */
export function procedureOn(
  code: string,
  date: string,
  catalogue: readonly Procedure[] = procedureCatalogue,
): ProcedureState {
  const entries = catalogue.filter((procedure) => procedure.code === code);
  // ISO dates of the same width sort as text.
  const states = entries.map((procedure) => ({ procedure, state: stateOn(procedure, date) }));
  return states.find(({ state }) => state === 'valid') ?? states.at(-1) ?? { state: 'unknown' };
}

function stateOn({ validFrom, validTo }: Procedure, date: string): 'valid' | 'expired' | 'not-yet-valid' {
  if (validFrom !== null && date < validFrom) return 'not-yet-valid';
  return validTo !== null && date > validTo ? 'expired' : 'valid';
}
