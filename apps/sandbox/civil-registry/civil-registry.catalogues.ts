/** Catalogues of the registry by `loaiDanhMuc`; short, but with real codes where they are common knowledge. */
export const catalogues: Readonly<Record<string, readonly { ma: string; ten: string }[]>> = {
  '1': [
    { ma: 'VN', ten: 'Việt Nam' },
    { ma: 'LA', ten: 'Lào' },
    { ma: 'KR', ten: 'Hàn Quốc' },
    { ma: 'JP', ten: 'Nhật Bản' },
  ],
  '2': [
    { ma: 'VN', ten: 'Việt Nam' },
    { ma: 'LA', ten: 'Lào' },
    { ma: 'KR', ten: 'Hàn Quốc' },
    { ma: 'JP', ten: 'Nhật Bản' },
  ],
  '3': [
    { ma: '01', ten: 'Kinh' },
    { ma: '02', ten: 'Tày' },
    { ma: '03', ten: 'Thái' },
    { ma: '04', ten: 'Hoa' },
    { ma: '05', ten: 'Khơ-me' },
    { ma: '06', ten: 'Mường' },
    { ma: '07', ten: 'Nùng' },
  ],
  '4': [
    { ma: '01', ten: 'Thành phố Hà Nội' },
    { ma: '31', ten: 'Thành phố Hải Phòng' },
    { ma: '79', ten: 'Thành phố Hồ Chí Minh' },
  ],
  '5': [
    { ma: '1', ten: 'Chứng minh nhân dân' },
    { ma: '2', ten: 'Hộ chiếu' },
    { ma: '5', ten: 'Thẻ căn cước' },
  ],
};

const holds = (list: string, code: unknown): boolean => catalogues[list]!.some(({ ma }) => ma === code);
const textMax = 250;

/** All that is wrong with a form, in one text as the real one says it; empty when nothing is. */
export function faultsOf(form: Record<string, unknown>): string {
  const faults: string[] = [];
  for (const [name, value] of Object.entries(form)) {
    if (typeof value === 'string' && value.length > textMax) faults.push(`Trường ${name} vượt quá độ dài cho phép`);
    if (name.endsWith('DanToc') && !holds('3', value)) faults.push(`Trường ${name} không có trong danh mục dân tộc`);
    if (name.endsWith('QuocTich') && !holds('1', value))
      faults.push(`Trường ${name} không có trong danh mục quốc tịch`);
    if (name.endsWith('LoaiGiayTo') && !holds('5', value))
      faults.push(`Trường ${name} không có trong danh mục giấy tờ`);
  }
  return faults.join('; ');
}
