import { accept, refuse, type Parsed } from './parsed';

export const communeCodePattern = /^[0-9]{5}$/;
export const provinceCodePattern = /^[0-9]{2}$/;

/**
 * Reads a commune code (mã đơn vị hành chính cấp xã): 5 digits of the statistics catalogue, `maXa`. Two levels only since
 * 1/7/2025, so there is no district code. Form only: whether it exists is the catalogue's to say.
 */
export function parseCommuneCode(text: string): Parsed<string> {
  return communeCodePattern.test(text) ? accept(text) : refuse('commune-code');
}

/** Reads a province code (mã đơn vị hành chính cấp tỉnh): 2 digits, `maTinh`; 31 is Hải Phòng. Form only. */
export function parseProvinceCode(text: string): Parsed<string> {
  return provinceCodePattern.test(text) ? accept(text) : refuse('province-code');
}
