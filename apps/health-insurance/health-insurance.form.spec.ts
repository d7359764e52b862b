import { commandReference } from '#lgsp/kit';
import { cardExample } from './health-insurance.examples';
import { cardMessage, fieldsNamed, personQuestion } from './health-insurance.form.upstream';

const call = {
  client: 'mot-cua',
  dossier: 'H24.11-261101-0001',
  agency: 'H24.11',
  officer: 'canbo.mau',
  idempotencyKey: 'k-1',
};

it('a request for a card has dates without separators, and 1 for a boy', () => {
  expect(cardMessage(cardExample.input, call)).toEqual({
    maYeuCau: commandReference(call),
    maHoSo: 'H24.11-261101-0001',
    maHoSoLT: 'G22.01.05-261120-000016',
    maCoQuan: 'H24.11',
    canBo: 'canbo.mau',
    hoTen: 'Trần Minh Mới',
    ngaySinh: '20261120',
    loaiNgaySinh: 0,
    gioiTinh: 1,
    soDinhDanh: '031226000016',
    ngayDangKyKs: '20261123',
    isKs: 1,
    maTinh: '31',
    maXa: '11329',
    diaChi: 'Số 1 đường Lạch Tray',
    maCoSoKcb: '31016',
    hoTenNguoiGiamHo: 'Trần Văn Thử',
    soCccdNguoiGiamHo: '031088000017',
    quanHe: 'Cha',
    soDienThoai: '0900000017',
  });
});

it.each([
  ['1958', { ngaySinh: '1958', loaiNgaySinh: 1 }],
  ['1958-03', { ngaySinh: '195803', loaiNgaySinh: 2 }],
  ['1958-03-09', { ngaySinh: '19580309', loaiNgaySinh: 0 }],
])('of the birth date %s it says how much is known, and fills nothing in', (birthDate, written) => {
  const question = { fullName: 'Phạm Thị Trùng', birthDate, sex: 'other', placeIs: 'birth-registration' } as const;
  expect(personQuestion(question)).toMatchObject({ ...written, gioiTinh: 3, isKs: 1 });
});

it('fields that a refusal names are told by the caller’s own paths', () => {
  const named = fieldsNamed('maCoSoKcb và ngaySinh không hợp lệ (maCoSoKcbX)', 'vi');
  expect(named?.map(({ path }) => path)).toEqual(['/child/birthDate', '/clinicCode']);
  expect(fieldsNamed('Không hợp lệ', 'vi')).toBeUndefined();
  expect(fieldsNamed(undefined, 'vi')).toBeUndefined();
});
