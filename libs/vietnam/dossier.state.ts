import type { Text } from '#lgsp/errors';
import { accept, refuse, type Parsed } from './parsed';

/** How reports count a dossier: done, being worked on, or waiting for somebody outside the agency. */
export type DossierPhase = 'in-progress' | 'paused' | 'done';

interface StateRow {
  /** `TrangThai`, as it is written nationwide. */
  code: number;
  name: Text;
  /** Codes of the states that may follow. */
  next: readonly number[];
  /** Undefined before work has begun. */
  phase?: DossierPhase;
}

/**
 * The ten states of a dossier on the National Public Service Portal, which one-stop software nationwide uses too. Codes,
 * names and the grouping of reports are read in integrators' code; which state may follow which is inferred from use, so
 * whoever refuses by it lets an operator turn that off.
 */
export const dossierStateTable = {
  registered: { code: 1, name: { en: 'Newly registered', vi: 'Mới đăng ký' }, next: [2, 3, 7] },
  accepted: { code: 2, name: { en: 'Accepted', vi: 'Được tiếp nhận' }, next: [4] },
  'not-accepted': { code: 3, name: { en: 'Not accepted', vi: 'Không được tiếp nhận' }, next: [] },
  processing: { code: 4, name: { en: 'In process', vi: 'Đang xử lý' }, next: [5, 6, 7, 8, 9], phase: 'in-progress' },
  'supplement-required': {
    code: 5,
    name: { en: 'Further papers required', vi: 'Yêu cầu bổ sung giấy tờ' },
    next: [4, 7],
    phase: 'paused',
  },
  'payment-required': {
    code: 6,
    name: { en: 'Financial obligation to be met', vi: 'Yêu cầu thực hiện nghĩa vụ tài chính' },
    next: [4, 7],
    phase: 'paused',
  },
  withdrawn: {
    code: 7,
    name: { en: 'Withdrawal asked for by the citizen', vi: 'Công dân yêu cầu rút hồ sơ' },
    next: [],
    phase: 'done',
  },
  stopped: { code: 8, name: { en: 'Processing stopped', vi: 'Dừng xử lý' }, next: [4], phase: 'paused' },
  completed: { code: 9, name: { en: 'Processed', vi: 'Đã xử lý xong' }, next: [10], phase: 'done' },
  returned: { code: 10, name: { en: 'Result returned', vi: 'Đã trả kết quả' }, next: [], phase: 'done' },
} as const satisfies Record<string, StateRow>;

export type DossierState = keyof typeof dossierStateTable;

export const dossierStates = Object.keys(dossierStateTable) as DossierState[];

const rows: Readonly<Record<DossierState, StateRow>> = dossierStateTable;
const byCode = new Map(dossierStates.map((state) => [rows[state].code, state]));

/** Reads a national code, `4` or `"4"`. @example parseDossierState('9') // 'completed' */
export function parseDossierState(code: string | number): Parsed<DossierState> {
  const state = /^(?:[1-9]|10)$/.test(String(code)) ? byCode.get(Number(code)) : undefined;
  return state ? accept(state) : refuse('dossier-state');
}

export const dossierStateCode = (state: DossierState): number => rows[state].code;

export const dossierPhase = (state: DossierState): DossierPhase | undefined => rows[state].phase;

/** The states that may follow; none after an end. */
export const statesAfter = (state: DossierState): DossierState[] => rows[state].next.map((code) => byCode.get(code)!);

/** Whether a dossier may go from one state to another; to stay in a state is always allowed, as work goes on in it. */
export const mayFollow = (from: DossierState, to: DossierState): boolean =>
  from === to || statesAfter(from).includes(to);
