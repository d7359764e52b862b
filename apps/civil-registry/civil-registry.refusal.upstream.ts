import { BusError, type FieldError, type Language } from '#lgsp/errors';
import { ruleMessage, upstreamFault } from '#lgsp/kit';
import type { FormField } from './civil-registry.form.upstream';

/** Our own credentials or address: nothing that a caller can mend. */
const operatorCodes = new Set(['100', '101']);
/** The registry has no such dossier. */
export const notFoundCode = '201';

const detailOf: Record<string, { en: string; vi: string }> = {
  '106': {
    en: 'the registry does not know the unit of this agency',
    vi: 'hộ tịch không nhận mã đơn vị của cơ quan này',
  },
  '108': { en: 'the registry does not know the province', vi: 'hộ tịch không nhận mã tỉnh' },
  '200': { en: 'the dossier is not complete', vi: 'hồ sơ chưa đầy đủ' },
  '302': { en: 'the registry finds a wrong type of data', vi: 'hộ tịch báo sai kiểu dữ liệu' },
  '500': { en: 'the registry finds the data incorrect', vi: 'hộ tịch báo dữ liệu không đúng' },
};
const messageLengthMax = 1_000;
/** Names of the form's fields begin with whom they are about; `ma…` are numbers of notices. */
const fieldName = /\b((?:nks|cha|me|nyc|nkt|gbt|chong|vo|nxn|ma|mucDich|tuNgay|denNgay)[A-Za-z]*)\b/;

/**
 * What a code of the registry means. Its words go to the caller in `upstream.message` only: they may quote the form.
 * @param form the fields that were sent, by which the registry's names become paths of the bus
 */
export function refusalOf(
  code: string,
  words: string | undefined,
  form: readonly FormField[],
  language: Language,
): BusError {
  const message = words?.slice(0, messageLengthMax);
  if (operatorCodes.has(code)) return upstreamFault({ code, message });
  const errors = fieldErrors(words ?? '', form, language);
  return new BusError('upstream-rejected', {
    upstream: { code, message },
    detail: detailOf[code],
    errors: errors.length > 0 ? errors : undefined,
  });
}

/**
 * The registry tells all that is wrong with a form in one text, `Trường nksHoTen vượt quá độ dài; Trường nksDanToc không có
 * trong danh mục`. Each sentence that names a field becomes a field error.
 */
function fieldErrors(text: string, form: readonly FormField[], language: Language): FieldError[] {
  const errors: FieldError[] = [];
  for (const sentence of text.split(/[;\n]|\.\s/)) {
    const name = fieldName.exec(sentence)?.[1];
    const path = form.find((field) => field.name === name)?.path;
    if (path === undefined || errors.some((error) => error.path === path)) continue;
    errors.push({
      path,
      rule: 'upstream-field',
      message: `${ruleMessage('upstream-field')[language]}: ${reasonOf(sentence)[language]}`,
    });
  }
  return errors;
}

/** Why, in words of our own: the registry's may quote the value. */
function reasonOf(sentence: string): { en: string; vi: string } {
  if (/độ dài|quá dài|ký tự/i.test(sentence)) return { en: 'too long', vi: 'quá dài' };
  if (/danh mục/i.test(sentence)) return { en: 'not in the catalogue', vi: 'không có trong danh mục' };
  if (/định dạng/i.test(sentence)) return { en: 'wrong form', vi: 'sai định dạng' };
  if (/bắt buộc|thiếu|không được để trống/i.test(sentence)) return { en: 'missing', vi: 'còn thiếu' };
  return { en: 'not accepted', vi: 'không được chấp nhận' };
}
