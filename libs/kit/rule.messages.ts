import type { Text } from '#lgsp/errors';
import { vietnamRules } from '#lgsp/vietnam';

/**
 * What each validation rule asks, in both languages; `{0}`, `{1}` are the rule's own parameters. The rule names are those
 * of class-validator in kebab-case, so `@MaxLength(100)` answers as `max-length`.
 */
const generalRules: Record<string, Text> = {
  required: { en: 'is required', vi: 'là bắt buộc' },
  'unknown-field': { en: 'is not a field of this operation', vi: 'không phải trường của dịch vụ này' },
  'well-formed': { en: 'holds characters that are not allowed', vi: 'chứa ký tự không được phép' },
  depth: { en: 'is nested too deeply', vi: 'lồng nhau quá sâu' },
  size: { en: 'has too many values', vi: 'có quá nhiều giá trị' },
  object: { en: 'must be a JSON object', vi: 'phải là một đối tượng JSON' },
  'nested-validation': { en: 'must be an object', vi: 'phải là một đối tượng' },
  'is-string': { en: 'must be text', vi: 'phải là chuỗi ký tự' },
  'is-not-empty': { en: 'must not be empty', vi: 'không được để trống' },
  'is-int': { en: 'must be a whole number', vi: 'phải là số nguyên' },
  'is-number': { en: 'must be a number', vi: 'phải là số' },
  'is-boolean': { en: 'must be true or false', vi: 'phải là true hoặc false' },
  'is-array': { en: 'must be a list', vi: 'phải là danh sách' },
  'is-object': { en: 'must be an object', vi: 'phải là một đối tượng' },
  'is-in': { en: 'must be one of: {0}', vi: 'phải là một trong: {0}' },
  'is-enum': { en: 'must be one of: {1}', vi: 'phải là một trong: {1}' },
  'is-uuid': { en: 'must be a UUID', vi: 'phải là một UUID' },
  'is-email': { en: 'must be an e-mail address', vi: 'phải là địa chỉ thư điện tử' },
  'is-url': { en: 'must be a web address', vi: 'phải là địa chỉ web' },
  'is-base64': { en: 'must be base64 text', vi: 'phải là chuỗi base64' },
  'max-length': { en: 'must have at most {0} characters', vi: 'không được quá {0} ký tự' },
  'min-length': { en: 'must have at least {0} characters', vi: 'phải có ít nhất {0} ký tự' },
  'is-length': { en: 'must have {0} to {1} characters', vi: 'phải có từ {0} đến {1} ký tự' },
  min: { en: 'must be at least {0}', vi: 'phải từ {0} trở lên' },
  max: { en: 'must be at most {0}', vi: 'phải từ {0} trở xuống' },
  'array-min-size': { en: 'must have at least {0} items', vi: 'phải có ít nhất {0} phần tử' },
  'array-max-size': { en: 'must have at most {0} items', vi: 'không được quá {0} phần tử' },
  'array-not-empty': { en: 'must not be an empty list', vi: 'không được là danh sách trống' },
  'array-unique': { en: 'must not hold the same item twice', vi: 'không được có phần tử trùng nhau' },
  matches: { en: 'must match the pattern {0}', vi: 'phải đúng mẫu {0}' },
  'day-or-time': {
    en: 'must be a day such as 2026-11-25, or a time with its offset such as 2026-11-25T08:00:00+07:00',
    vi: 'phải là ngày, ví dụ 2026-11-25, hoặc ngày giờ kèm múi giờ, ví dụ 2026-11-25T08:00:00+07:00',
  },
  'given-once': { en: 'must be given once', vi: 'chỉ được nêu một lần' },
  'header-text': {
    en: 'must have 1 to 255 visible ASCII characters',
    vi: 'phải có từ 1 đến 255 ký tự ASCII hiển thị được',
  },
  'upstream-field': { en: 'was refused by the outside system', vi: 'bị hệ thống nguồn từ chối' },
};

const rules: Record<string, Text> = { ...Object.fromEntries(Object.entries(vietnamRules)), ...generalRules };

/** The sentence of a rule, with its parameters; a rule nobody has described says its own name. */
export function ruleMessage(rule: string, parameters: readonly unknown[] = []): Text {
  const text = rules[rule] ?? { en: `breaks the rule ${rule}`, vi: `không đúng quy tắc ${rule}` };
  return { en: fill(text.en, parameters), vi: fill(text.vi, parameters) };
}

function fill(template: string, parameters: readonly unknown[]): string {
  return template.replace(/\{(\d)\}/g, (_, index: string) => {
    const value = parameters[Number(index)];
    return Array.isArray(value) ? value.join(', ') : String(value);
  });
}
