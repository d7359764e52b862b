import type { Text } from '#lgsp/errors';

/**
 * Every rule of this library and what it asks, in both languages. A sentence never quotes the value, which may be
 * personal data. It follows a field's name: "identityNumber must be …". Refusals of a catalogue say more: they name the code
 * and the list.
 */
export const ruleTable = {
  'personal-id': {
    en: 'must be a personal identification number of 12 digits',
    vi: 'phải là số định danh cá nhân gồm 12 chữ số',
  },
  'old-identity-number': {
    en: 'must be an old identity card number of 9 digits',
    vi: 'phải là số chứng minh nhân dân gồm 9 chữ số',
  },
  'identity-number': {
    en: 'must be a personal identification number of 12 digits or an old identity card number of 9 digits',
    vi: 'phải là số định danh cá nhân 12 chữ số hoặc số chứng minh nhân dân 9 chữ số',
  },
  'dossier-code': {
    en: 'must be a dossier code: 6 to 64 of the characters A-Z a-z 0-9 . - _ / that start with a letter or digit',
    vi: 'phải là mã hồ sơ: 6 đến 64 ký tự trong số A-Z a-z 0-9 . - _ / bắt đầu bằng chữ cái hoặc chữ số',
  },
  'dossier-code-date': {
    en: 'must be a dossier code whose date part is a day of the calendar',
    vi: 'phải là mã hồ sơ có phần ngày là một ngày có thật',
  },
  'dossier-state': {
    en: 'must be a state of a dossier: 1 to 10 of the national list',
    vi: 'phải là trạng thái hồ sơ: từ 1 đến 10 theo danh mục quốc gia',
  },
  'agency-code': {
    en: 'must be an agency code such as 000.00.01.H24 or H24.01',
    vi: 'phải là mã định danh cơ quan, ví dụ 000.00.01.H24 hoặc H24.01',
  },
  'agency-code-direction': {
    en: 'must be an agency code that can be written in the other direction without loss',
    vi: 'phải là mã định danh cơ quan viết được theo chiều ngược lại mà không mất thông tin',
  },
  'procedure-code': {
    en: 'must be an administrative procedure code such as 1.001193',
    vi: 'phải là mã thủ tục hành chính, ví dụ 1.001193',
  },
  'tax-code': {
    en: 'must be a tax code of 10 digits, or of 10 digits, a hyphen and 3 digits for a branch',
    vi: 'phải là mã số thuế 10 chữ số, hoặc 10 chữ số, gạch nối và 3 chữ số với đơn vị phụ thuộc',
  },
  'tracking-number': {
    en: 'must be a postal tracking number: 5 to 40 letters, digits and hyphens',
    vi: 'phải là số hiệu bưu gửi: 5 đến 40 chữ cái, chữ số và gạch nối',
  },
  'partial-date': {
    en: 'must be a date of the calendar as yyyy-MM-dd, yyyy-MM or yyyy',
    vi: 'phải là ngày có thật theo dạng yyyy-MM-dd, yyyy-MM hoặc yyyy',
  },
  'full-date': {
    en: 'must be a date of the calendar as yyyy-MM-dd',
    vi: 'phải là ngày có thật theo dạng yyyy-MM-dd',
  },
  'date-time': {
    en: 'must be a date and time with its offset, such as 2026-06-09T10:15:00+07:00',
    vi: 'phải là ngày giờ kèm múi giờ, ví dụ 2026-06-09T10:15:00+07:00',
  },
  'date-form': {
    en: 'must be a real date or time in the expected form',
    vi: 'phải là ngày giờ có thật theo đúng định dạng',
  },
  'date-precision': {
    en: 'must hold every part that the form needs (a year alone cannot be written as a day)',
    vi: 'phải có đủ các phần mà định dạng cần (chỉ có năm thì không viết được thành ngày)',
  },
  'person-name': {
    en: 'must be a name of 1 to 100 letters, spaces, apostrophes, hyphens and dots, in Unicode NFC',
    vi: 'phải là họ tên từ 1 đến 100 ký tự gồm chữ cái, dấu cách, dấu nháy, gạch nối, dấu chấm, theo Unicode dựng sẵn (NFC)',
  },
  'vietnamese-phone': {
    en: 'must be a Vietnamese telephone number',
    vi: 'phải là số điện thoại Việt Nam',
  },
  'commune-code': {
    en: 'must be a commune code of 5 digits',
    vi: 'phải là mã đơn vị hành chính cấp xã gồm 5 chữ số',
  },
  'province-code': {
    en: 'must be a province code of 2 digits',
    vi: 'phải là mã đơn vị hành chính cấp tỉnh gồm 2 chữ số',
  },
  'catalogue-code': {
    en: 'must be a code of its catalogue',
    vi: 'phải là mã có trong danh mục',
  },
  'system-code': {
    en: 'must be in the code list of the outside system',
    vi: 'phải có trong danh mục mã của hệ thống nguồn',
  },
} as const satisfies Record<string, Text>;

export type RuleName = keyof typeof ruleTable;

/**
 * The same sentences for a localiser of field errors: under the rule's own name (`personal-id`, as parsers answer) and
 * under its decorator's (`is-personal-id`, the kebab-case of class-validator's constraint `isPersonalId`).
 */
export const vietnamRules: Readonly<Record<string, Text>> = Object.fromEntries(
  Object.entries(ruleTable).flatMap(([rule, text]) => [
    [rule, text],
    [`is-${rule}`, text],
  ]),
);
