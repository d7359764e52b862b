import { formatDate, mayFollow, nowInVietnam, parseDossierState, valueOrThrow } from '#lgsp/vietnam';
import type { SandboxClock } from '../sandbox.clock';

export type PortalRecord = Record<string, unknown> & { MaHoSo: string; TrangThaiHoSo: string; QuaTrinhXuLy: object[] };

interface Kept {
  record: PortalRecord;
  /** When it came into its state. */
  since: number;
}

export type Taken = 'taken' | 'known' | 'unknown' | 'illegal';

const dossiersMax = 20_000;
const stepsMax = 1_000;
const paymentRequired = '6';
const processing = '4';

const officer = { NguoiXuLy: 'Phạm Văn Cán', ChucDanh: '', PhongBanXuLy: 'Bộ phận Tư pháp – Hộ tịch' };
const dossier = {
  MaTTHC: '9.000150',
  TenTTHC: 'Thủ tục mẫu số 150',
  ChuHoSo: 'Nguyễn Thị Mẫu',
  LoaiDoiTuong: '1',
  NgayTiepNhan: '20261102081500',
  NgayHenTra: '20261105170000',
};

/** The dossiers of the documentation: always there. */
const examples: readonly PortalRecord[] = [
  { ...dossier, MaHoSo: 'H24.11-261101-0041', TrangThaiHoSo: '4', QuaTrinhXuLy: [] },
  {
    ...dossier,
    MaHoSo: 'H24.11-261101-0042',
    TrangThaiHoSo: '9',
    QuaTrinhXuLy: [
      { ...officer, ThoiDiemXuLy: '20261102090000', TrangThai: '4', NoiDungXuLy: 'Đã thẩm định hồ sơ' },
      { ...officer, ThoiDiemXuLy: '20261103143000', TrangThai: '9', NoiDungXuLy: 'Đã ký kết quả' },
    ],
  },
];

/** The dossiers of the portal. One that waits for a payment is paid by the citizen after a step of the sandbox's clock. */
export class PortalDossiers {
  private readonly byCode = new Map<string, Kept[]>();

  /** @param takesTwice a dossier that is known is taken as new once more, and is then there twice */
  constructor(
    private readonly clock: SandboxClock,
    private readonly takesTwice: boolean,
  ) {
    for (const example of examples) {
      const record = { ...example, QuaTrinhXuLy: [...example.QuaTrinhXuLy] };
      this.byCode.set(record.MaHoSo, [{ record, since: 0 }]);
    }
  }

  insert(dossier: Record<string, unknown>): Taken {
    const record = { ...dossier, QuaTrinhXuLy: [] } as unknown as PortalRecord;
    const known = this.byCode.get(record.MaHoSo);
    if (known && !this.takesTwice) return 'known';
    if (!known && this.byCode.size >= dossiersMax) this.forgetOldest();
    this.byCode.set(record.MaHoSo, [...(known ?? []), { record, since: this.clock.now() }]);
    return 'taken';
  }

  update(dossier: Record<string, unknown>): Taken {
    const kept = this.byCode.get(String(dossier['MaHoSo']))?.at(-1);
    if (!kept) return 'unknown';
    const taken = this.move(kept, String(dossier['TrangThaiHoSo']));
    if (taken === 'taken') Object.assign(kept.record, dossier);
    return taken;
  }

  addStep(step: Record<string, unknown>): Taken {
    const kept = this.byCode.get(String(step['MaHoSo']))?.at(-1);
    if (!kept) return 'unknown';
    const taken = this.move(kept, String(step['TrangThai']));
    if (taken === 'taken') this.write(kept, step);
    return taken;
  }

  find(code: string): PortalRecord[] {
    const kept = this.byCode.get(code) ?? [];
    for (const each of kept) this.settle(each);
    return kept.map(({ record }) => record);
  }

  private move(kept: Kept, to: string): Taken {
    this.settle(kept);
    const [before, after] = [parseDossierState(kept.record.TrangThaiHoSo), parseDossierState(to)];
    if (!before.ok || !after.ok || !mayFollow(before.value, after.value)) return 'illegal';
    if (before.value !== after.value) kept.since = this.clock.now();
    kept.record.TrangThaiHoSo = to;
    return 'taken';
  }

  private settle(kept: Kept): void {
    if (kept.record.TrangThaiHoSo !== paymentRequired || this.clock.stepsSince(kept.since) < 1) return;
    kept.since += this.clock.stepMs;
    kept.record.TrangThaiHoSo = processing;
    const time = nowInVietnam(new Date(kept.since));
    this.write(kept, {
      NguoiXuLy: 'Cổng Dịch vụ công quốc gia',
      ThoiDiemXuLy: valueOrThrow(formatDate(time, 'yyyyMMddHHmmss'), 'internal'),
      TrangThai: processing,
      NoiDungXuLy: 'Công dân đã thực hiện nghĩa vụ tài chính',
    });
  }

  private write({ record }: Kept, step: object): void {
    record.QuaTrinhXuLy.push(step);
    if (record.QuaTrinhXuLy.length > stepsMax) record.QuaTrinhXuLy.shift();
  }

  private forgetOldest(): void {
    const oldest = [...this.byCode.keys()].find((code) => !examples.some(({ MaHoSo }) => MaHoSo === code));
    if (oldest !== undefined) this.byCode.delete(oldest);
  }
}
