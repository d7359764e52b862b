import { BusError, type Language, type Text } from '#lgsp/errors';

/** What cannot be said of one field alone, and what each rule asks; the sentence follows the field's name. */
const rules = {
  'period-end': { en: 'must not be before "from"', vi: 'không được trước "from"' },
  'period-length': { en: 'must be less than {0} years after "from"', vi: 'phải sau "from" chưa đủ {0} năm' },
  groups: { en: 'must hold known groups, each once', vi: 'phải gồm các tiêu chí phân nhóm đã biết, không trùng nhau' },
  'whole-months': {
    en: 'must not hold agency or procedure for a part of {0}: figures that are frozen or archived have them by whole months only',
    vi: 'không được có agency hoặc procedure cho một phần của {0}: số liệu đã chốt hoặc đã lưu trữ chỉ có theo trọn tháng',
  },
  'rows-max': {
    en: 'gives more than {0} rows: ask for fewer groups or a shorter period',
    vi: 'cho hơn {0} dòng: hãy bớt tiêu chí phân nhóm hoặc rút ngắn kỳ',
  },
  'one-client': {
    en: 'must be left out for one client: durations are counted for all together',
    vi: 'không dùng được cho một phần mềm: thời gian xử lý chỉ được tính chung',
  },
  'month-over': {
    en: 'must be over, in Vietnam and for {0} minutes',
    vi: 'phải là tháng đã kết thúc (giờ Việt Nam) được ít nhất {0} phút',
  },
  'month-empty': { en: 'has no transaction to freeze', vi: 'không có giao dịch nào để chốt' },
} satisfies Record<string, Text>;

/** A field that breaks one of these rules, as the caller is told. */
export function fault(
  field: string,
  rule: keyof typeof rules,
  language: Language,
  parameter: string | number = '',
): BusError {
  const message = rules[rule][language].replace('{0}', String(parameter));
  return new BusError('invalid-request', { errors: [{ path: `/${field}`, rule, message }] });
}
