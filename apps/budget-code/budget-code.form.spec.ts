import { commandReference } from '#lgsp/kit';
import { requestExample } from './budget-code.examples';
import { fieldsNamed, requestMessage } from './budget-code.form.upstream';

const call = {
  client: 'mot-cua',
  dossier: 'H24.11-261101-0001',
  agency: 'H24.11',
  officer: 'canbo.mau',
  idempotencyKey: 'k-1',
};

it('a request has the fields of the form, dates with slashes and the 24-hour clock of Vietnam', () => {
  const message = requestMessage(
    { ...requestExample.input, splitFrom: '1095008' },
    '1',
    call,
    new Date('2026-11-01T16:05:09Z'),
  );
  expect(message).toEqual({
    maThamChieu: commandReference(call),
    maHoSo: 'H24.11-261101-0001',
    maCoQuan: 'H24.11',
    canBo: 'canbo.mau',
    thoiGianDeNghi: '01/11/2026 23:05:09',
    tenDonVi: 'Trường Tiểu học Thử Nghiệm Ngô Quyền',
    loaiHinh: '1',
    maChuong: '822',
    maDonViCapTren: '1095009',
    maDonViTach: '1095008',
    maSoThue: '',
    diaChi: 'Số 2 đường Lạch Tray',
    maTinh: '31',
    maXa: '11329',
    soQuyetDinh: '16/QĐ-MAU',
    ngayQuyetDinh: '20/10/2026',
    coQuanQuyetDinh: 'UBND phường Ngô Quyền',
    nguoiLienHe: 'Nguyễn Thị Mẫu',
    soDienThoai: '0900000016',
    email: 'mau@example.vn',
  });
});

it('fields that a refusal names are told by the caller’s own paths', () => {
  const named = fieldsNamed('maDonViCapTren và ngayQuyetDinh không hợp lệ (maDonViCapTrenX)', 'vi');
  expect(named?.map(({ path }) => path)).toEqual(['/parentCode', '/decision/date']);
  expect(fieldsNamed('Không hợp lệ', 'vi')).toBeUndefined();
  expect(fieldsNamed(undefined, 'vi')).toBeUndefined();
});
