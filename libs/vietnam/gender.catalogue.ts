import { Catalogue } from './catalogue';
import type { Sex } from './personal-id.code';

/** Sex as papers hold it, and what social insurance knows besides. */
export type Gender = Sex | 'other';

export const genders = new Catalogue<{ code: Gender; name: { en: string; vi: string } }>(
  { en: 'genders', vi: 'giới tính' },
  [
    { code: 'male', name: { en: 'Male', vi: 'Nam' } },
    { code: 'female', name: { en: 'Female', vi: 'Nữ' } },
    { code: 'other', name: { en: 'Other', vi: 'Khác' } },
  ],
);
