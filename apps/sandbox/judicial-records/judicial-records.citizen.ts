import { createHash } from 'node:crypto';
import { formatDate, nowInVietnam, valueOrThrow } from '#lgsp/vietnam';
import type { HandedIn, StandInContext } from '../stand-in';

let serial = 0;

/** A request that a citizen makes in VNeID, and VNeID pushes into the province. */
export function citizenRequest({ people, secret }: StandInContext, url: string): HandedIn {
  const now = nowInVietnam(new Date());
  const day = now.slice(2, 10).replaceAll('-', '');
  const person = people.people[serial % people.people.length]!;
  const dossier = `H24.11-${day}-${String(9_000 + (++serial % 1_000)).padStart(4, '0')}`;
  const received = valueOrThrow(formatDate(now, 'dd/MM/yyyy HH:mm:ss'), 'internal');
  const authKey = createHash('sha256')
    .update(['31', dossier, received, secret('auth-key')].join('|'))
    .digest('hex');
  const body = {
    maTinh: '31',
    maHoSoMCDT: dossier,
    ngayTiepNhan: received,
    nguonDangKy: 'VNeID',
    toKhai: { loaiPhieu: '1', nycHoTen: person.fullName, nycSoDinhDanh: person.personalId, uyQuyen: '0' },
    thongTinBienLai: { DSKhoanNop: [{ NoiDung: 'Phí cấp phiếu', SoTien: '200000' }], trangThaiGD: '1' },
    authKey,
  };
  return { reference: dossier, url: `${url}/submission`, body: () => body };
}
