import { accept, refuse, type Parsed } from './parsed';

/** `dotted`: root last, QCVN 102:2016/BTTTT. `reversed`: root first, Decision 20/2020/QĐ-TTg as it is used. */
export type AgencyCodeForm = 'dotted' | 'reversed';

/** An agency code (mã định danh cơ quan), taken apart. */
export interface AgencyCode {
  code: string;
  form: AgencyCodeForm;
  /** The ministry or province: a letter and two digits, `H24`. */
  root: string;
  /** The levels below the root, highest first, without the zeros that stand for "no such level": `['01', '15']`. */
  levels: string[];
}

/** Sources of the two forms, for patterns that contain an agency code. */
export const dottedSource = '[0-9]{3}\\.[0-9]{2}\\.[0-9]{2}\\.[A-Z][0-9]{2}';
export const reversedSource = '[A-Z][0-9]{2}(?:\\.[0-9]{1,6}){0,3}';
export const agencyCodePattern = new RegExp(`^(?:${dottedSource}|${reversedSource})$`);

/**
 * The roots under which Hải Phòng's agencies are known: its own and Hải Dương's, merged on 1/7/2025 (Resolution
 * 202/2025/QH15). Data, inferred from the alphabetical list: a deployment takes its roots from configuration.
 */
export const haiPhongRoots: readonly string[] = ['H24', 'H23'];

/** Digits of the dotted form's places, from the level below the root downwards: Y1Y2, Z1Z2, V1V2V3. */
const dottedWidths = [2, 2, 3] as const;

/**
 * Reads an agency code in either direction.
 *
 * @example parseAgencyCode('000.00.00.H49') // root 'H49', no levels
 * @example parseAgencyCode('000.00.01.H22') // root 'H22', levels ['01']
 * @example parseAgencyCode('H21.129') // root 'H21', levels ['129']
 */
export function parseAgencyCode(text: string): Parsed<AgencyCode> {
  if (!agencyCodePattern.test(text)) return refuse('agency-code');
  const parts = text.split('.');
  const dotted = /^[0-9]/.test(text);
  if (dotted) parts.reverse();
  const [root, ...levels] = parts;
  return accept({ code: text, form: dotted ? 'dotted' : 'reversed', root: root!, levels: withoutEmptyTail(levels) });
}

/**
 * Writes an agency code root first: `000.00.01.H22` → `H22.01`. A zero level between others stays: it holds their place.
 * That both spellings name one agency is inferred from their use, not read in the decision.
 */
export function toReversed(text: string): Parsed<string> {
  const parsed = parseAgencyCode(text);
  if (!parsed.ok || parsed.value.form === 'reversed') return parsed.ok ? accept(text) : parsed;
  return accept([parsed.value.root, ...parsed.value.levels].join('.'));
}

/**
 * Writes an agency code root last: `H22.01` → `000.00.01.H22`. Refused where the way back would not give the same code:
 * a level of other width (`H21.129`) or a zero level at the end (`H22.00`).
 */
export function toDotted(text: string): Parsed<string> {
  const parsed = parseAgencyCode(text);
  if (!parsed.ok || parsed.value.form === 'dotted') return parsed.ok ? accept(text) : parsed;
  const { root, levels } = parsed.value;
  const places = dottedWidths.map((width, index) => levels[index] ?? '0'.repeat(width));
  const dotted = [...places.reverse(), root].join('.');
  const back = toReversed(dotted);
  return back.ok && back.value === text ? accept(dotted) : refuse('agency-code-direction');
}

/** Whether an agency code, in either direction, lies under one of these roots. */
export function belongsToRoots(text: string, roots: readonly string[]): boolean {
  const parsed = parseAgencyCode(text);
  return parsed.ok && roots.includes(parsed.value.root);
}

function withoutEmptyTail(levels: string[]): string[] {
  const end = levels.findLastIndex((level) => /[1-9]/.test(level));
  return levels.slice(0, end + 1);
}
