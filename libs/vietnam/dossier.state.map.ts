import { dossierStateTable, type DossierState } from './dossier.state';
import type { Certainty } from './procedure.catalogue';

interface MappedState {
  state: DossierState;
  certainty: Certainty;
}

const read = (state: DossierState): MappedState => ({ state, certainty: 'read' });
const inferred = (state: DossierState): MappedState => ({ state, certainty: 'inferred' });

/**
 * Which of the ten national states a raw code of another system means, by system and, where a system has several lists, the
 * list. What a system tells of a dossier leads to a state, not through the legal way to it: a registry that refuses says
 * `not-accepted` of a dossier that the one-stop software has accepted long ago. A code that is missing changes nothing.
 */
export const foreignDossierStates = {
  /** `trangThai` of linked births, deaths and marriages. */
  'civil-registry/linked': {
    '1': inferred('accepted'),
    '2': read('supplement-required'),
    '3': inferred('processing'),
    '4': read('completed'),
    '6': read('not-accepted'),
  },
  /** The older API of the civil registry: 3 is "eligible". */
  'civil-registry/older': {
    '1': inferred('accepted'),
    '2': inferred('supplement-required'),
    '3': inferred('processing'),
    '4': inferred('completed'),
  },
  /** `DEC_STATUS_ID`. */
  'judicial-records': { '3': inferred('accepted'), '4': inferred('processing'), '5': inferred('completed') },
  /** `TrangThai` of the land system. */
  'land/dossier': {
    '1': inferred('accepted'),
    '2': inferred('processing'),
    '3': inferred('supplement-required'),
    '4': inferred('payment-required'),
    '5': inferred('completed'),
    '6': inferred('returned'),
  },
  /** The kind of callback by which the land system (VBDLIS) tells what happened. */
  'land/callback': {
    ChuyenHoSo: read('processing'),
    YeuCauBoSungHoSo: read('supplement-required'),
    NhanBoSungHoSo: read('processing'),
    GuiKetQuaThue: inferred('payment-required'),
    KetThucHoSo: read('completed'),
  },
} as const satisfies Record<string, Readonly<Record<string, MappedState>>>;

export type ForeignStateList = keyof typeof foreignDossierStates;

/** The national state that a raw code means; undefined when the code says nothing of it. */
export function dossierStateOf(list: ForeignStateList, raw: string | number): DossierState | undefined {
  const codes: Readonly<Record<string, MappedState>> = foreignDossierStates[list];
  return Object.hasOwn(codes, raw) ? codes[raw]!.state : undefined;
}

/** The number of the national state that a raw code means; undefined when the code says nothing of it. */
export function dossierStateCodeOf(
  list: ForeignStateList,
  raw: string | number,
): (typeof dossierStateTable)[DossierState]['code'] | undefined {
  const state = dossierStateOf(list, raw);
  return state && dossierStateTable[state].code;
}
