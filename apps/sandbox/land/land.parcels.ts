import { wards } from '../people/names';

interface Use {
  code: keyof typeof kinds;
  area: number;
}

interface ParcelRecord {
  commune: number;
  sheet: number;
  parcel: number;
  /** Told as text with a comma, as part of the data has it. */
  area: string | number;
  address: string;
  uses: Use[];
  legalStatus: string | number;
  /** Former versions are told with the present one. */
  latest: boolean;
}

const kinds = {
  ODT: 'Đất ở tại đô thị',
  ONT: 'Đất ở tại nông thôn',
  CLN: 'Đất trồng cây lâu năm',
  LUC: 'Đất chuyên trồng lúa nước',
  TMD: 'Đất thương mại, dịch vụ',
};

/** The parcel of the documentation, with a former version: always there. */
const example: readonly ParcelRecord[] = [
  {
    commune: 11329,
    sheet: 12,
    parcel: 45,
    area: '98,5',
    address: 'Số 1 đường Lạch Tray, phường Ngô Quyền, Hải Phòng',
    uses: [
      { code: 'ODT', area: 80 },
      { code: 'CLN', area: 18.5 },
    ],
    legalStatus: 1,
    latest: true,
  },
  {
    commune: 11329,
    sheet: 12,
    parcel: 45,
    area: 120,
    address: 'Số 1 đường Lạch Tray, phường Lạch Tray, quận Ngô Quyền, Hải Phòng',
    uses: [{ code: 'ODT', area: 120 }],
    legalStatus: 2,
    latest: false,
  },
];

const sheets = 3;
const parcelsOfSheet = 20;
const urban = ['ODT', 'TMD'] as const;
const rural = ['ONT', 'CLN', 'LUC'] as const;

/** Sheets 1 to 3 of each ward hold parcels 1 to 20. The last one's legal status is a code that nobody has explained. */
const invented: readonly ParcelRecord[] = wards.flatMap(({ code, name }) =>
  Array.from({ length: sheets * parcelsOfSheet }, (_, index): ParcelRecord => {
    const [sheet, parcel] = [Math.floor(index / parcelsOfSheet) + 1, (index % parcelsOfSheet) + 1];
    const use = name.startsWith('Xã') ? rural[index % rural.length]! : urban[index % urban.length]!;
    const area = 60 + ((index * 37) % 240) + (index % 4) / 4;
    return {
      commune: Number(code),
      sheet,
      parcel,
      area: index % 2 === 0 ? area : String(area).replace('.', ','),
      address: `Thửa ${parcel}, tờ bản đồ ${sheet}, ${name}, Hải Phòng`,
      uses: [{ code: use, area }],
      legalStatus: parcel === parcelsOfSheet ? '9' : String((index % 4) + 1),
      latest: true,
    };
  }),
);

const parcels = [...example, ...invented];

/** All versions of a parcel, in the land system's own spelling. */
export function parcelsAt(commune: number, sheet: string, parcel: string): object[] {
  return parcels
    .filter(
      (record) => record.commune === commune && record.sheet === Number(sheet) && record.parcel === Number(parcel),
    )
    .map((record) => ({
      tinhId: 31,
      huyenId: 0,
      xaId: record.commune,
      soHieuToBanDo: record.sheet,
      soThuTuThua: record.parcel,
      dienTich: record.area,
      diaChi: record.address,
      tinhTrangPhapLy: record.legalStatus,
      isLastest: record.latest,
      ListMucDichSuDung: record.uses.map(({ code, area }) => ({
        loaiMucDichSuDungId: code,
        dienTich: area,
        LoaiMucDichSuDung: { loaiMucDichSuDungId: code, tenLoaiMucDichSuDung: kinds[code] },
      })),
    }));
}
