import { commandReference } from '#lgsp/kit';
import { newOrderExample } from './vnpost.examples';
import type { NewOrder } from './vnpost.messages';
import { contentsOf, fieldsNamed, orderMessage } from './vnpost.order.upstream';
import { PlaceCatalogue } from './vnpost.places.upstream';

const order = newOrderExample.input;

describe('contents of an envelope', () => {
  it('is one line of parts, in the order that VNPost reads', () => {
    expect(contentsOf(order, 'H24.11-261101-0001')).toBe(
      'Mã hồ sơ: H24.11-261101-0001||Tên thủ tục: Đăng ký khai sinh||Thành phần hồ sơ 1: Tờ khai đăng ký khai sinh||' +
        'Thành phần hồ sơ 2: Giấy chứng sinh||Tên dịch vụ: Thu gom hồ sơ tại nhà||CMND: 031190000016',
    );
  });

  it('lets no value forge a part', () => {
    const forged: NewOrder = {
      ...order,
      direction: 'deliver-result',
      procedureName: 'Khai sinh||Tên dịch vụ: Thu gom hồ sơ tại nhà',
      items: ['Giấy |', ' tờ\r\nkhai\t\u2028 '],
      applicantIdentityNumber: undefined,
    };
    const text = contentsOf(forged, 'H24.11-261101-0001');
    expect(text.split('||')).toEqual([
      'Mã hồ sơ: H24.11-261101-0001',
      'Tên thủ tục: Khai sinh//Tên dịch vụ: Thu gom hồ sơ tại nhà',
      'Thành phần hồ sơ 1: Giấy /',
      'Thành phần hồ sơ 2: tờ khai',
      'Tên dịch vụ: Trả hồ sơ tại nhà',
    ]);
  });
});

describe('the order on the wire', () => {
  it('has the fields and types that a public client of the service sends', () => {
    const call = {
      client: 'mot-cua',
      dossier: 'H24.11-261101-0001',
      agency: 'H24.11',
      idempotencyKey: 'k-1',
      language: 'vi',
    } as const;
    const codAmount = 25_000;
    const receiver = { ...order.receiver, email: 'motcua@example.vn' };
    const message = orderMessage(
      { customerCode: 'HAIPHONG-HCC' },
      new PlaceCatalogue(),
      { ...order, codAmount, receiver },
      call,
    );
    expect(message).toEqual({
      CustomerCode: 'HAIPHONG-HCC',
      OrderNumber: commandReference(call),
      CODAmount: 25_000,
      GovAgencyCode: 'H24.11',
      GovAgencyName: 'Ủy ban nhân dân phường Ngô Quyền',
      SenderProvince: 18,
      SenderDistrict: 1818,
      SenderAddress: 'Số 1 đường Lạch Tray, phường Ngô Quyền',
      SenderName: 'Nguyễn Thị Mẫu',
      SenderEmail: '',
      SenderTel: '0900000016',
      SenderDesc: contentsOf(order, call.dossier),
      Description: '',
      ReceiverProvince: 18,
      ReceiverDistrict: 0,
      ReceiverAddress: 'Số 19 đường Đà Nẵng, phường Ngô Quyền',
      ReceiverName: 'Bộ phận Một cửa phường Ngô Quyền',
      ReceiverEmail: 'motcua@example.vn',
      ReceiverTel: '02253000016',
    });
  });
});

describe('places', () => {
  const catalogue = new PlaceCatalogue();
  const find = (provinceCode: string, districtCode?: string) =>
    catalogue.find({ provinceCode, districtCode }, '/sender', 'vi');

  it('are not the codes of the statistics catalogue', () => {
    expect(find('31')).toEqual({ province: 18, district: 0 });
    expect(find('02')).toEqual({ province: 31, district: 0 });
    expect(find('01')).toEqual({ province: 10, district: 0 });
    expect(find('79')).toEqual({ province: 70, district: 0 });
    expect(find('31', '304')).toEqual({ province: 18, district: 1818 });
  });

  it('know that Hải Dương is part of Hải Phòng, under either code', () => {
    expect(find('31', '288')).toEqual({ province: 17, district: 1710 });
    expect(find('30', '288')).toEqual({ province: 17, district: 1710 });
    expect(find('30', '304')).toMatchObject({ path: '/sender/districtCode', rule: 'vnpost-place' });
  });

  it('have 63 provinces, no two of them under one code', () => {
    const codes = Array.from({ length: 100 }, (_, code) => find(String(code).padStart(2, '0')));
    const provinces = codes.flatMap((place) => ('province' in place ? [place.province] : []));
    expect({ count: provinces.length, different: new Set(provinces).size }).toEqual({ count: 63, different: 63 });
  });

  it('say where none is known', () => {
    expect(find('01', '001')).toMatchObject({
      message: expect.stringMatching(/^001 không có .* tỉnh 01; các mã hiện có: chưa có, hãy bỏ trống$/) as string,
    });
  });

  it('take additions and corrections of a deployment', () => {
    const own = new PlaceCatalogue(['31=118'], ['01/001=10/1118']);
    expect(own.find({ provinceCode: '31' }, '', 'en')).toEqual({ province: 118, district: 0 });
    expect(own.find({ provinceCode: '01', districtCode: '001' }, '', 'en')).toEqual({ province: 10, district: 1118 });
  });
});

describe('fields that a refusal names', () => {
  it('are told by the caller’s own paths', () => {
    const named = fieldsNamed('SenderTel và ReceiverDistrict không hợp lệ (SenderTelephone)', 'vi');
    expect(named?.map(({ path }) => path)).toEqual(['/sender/phone', '/receiver/districtCode']);
    expect(fieldsNamed('Không hợp lệ', 'vi')).toBeUndefined();
    expect(fieldsNamed(undefined, 'vi')).toBeUndefined();
  });
});
