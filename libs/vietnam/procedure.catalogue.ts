import type { Text } from '#lgsp/errors';

/** How a fact is known: read in code or an official page, second-hand, background knowledge, or inferred from use. */
export type Certainty = 'read' | 'second-hand' | 'background' | 'inferred';

export interface Procedure {
  code: string;
  name: Text;
  /** First and last day on which the code is in use, `yyyy-MM-dd`; null where no date is known. */
  validFrom: string | null;
  validTo: string | null;
  certainty: Certainty;
}

const entry = (code: string, vi: string, en: string, certainty: Certainty = 'read'): Procedure => ({
  code,
  name: { vi, en },
  validFrom: null,
  validTo: null,
  certainty,
});

/**
 * The procedures (thủ tục hành chính) of the flows that a province's bus carries. Codes change: a deployment gives
 * `procedureOn` its own catalogue with the dates it knows. No date is known here, so none is claimed.
 */
export const procedureCatalogue: readonly Procedure[] = [
  entry('1.001193', 'Đăng ký khai sinh', 'Birth registration'),
  entry('1.000894', 'Đăng ký kết hôn', 'Marriage registration'),
  entry('1.000656', 'Đăng ký khai tử', 'Death registration'),
  entry('1.004873', 'Cấp giấy xác nhận tình trạng hôn nhân', 'Certificate of marital status'),
  entry('2.000635', 'Cấp bản sao trích lục hộ tịch', 'Copy of a civil registry extract'),
  entry('1.004884', 'Đăng ký lại khai sinh', 'Repeated birth registration'),
  entry('1.004859', 'Thay đổi, cải chính hộ tịch', 'Change or correction of a civil registry entry'),
  entry('2.001263', 'Đăng ký nuôi con nuôi', 'Registration of adoption'),
  entry('3.000333', 'Cấp phiếu lý lịch tư pháp (mã mới)', 'Judicial record certificate (new code)', 'second-hand'),
  entry('3.000334', 'Cấp phiếu lý lịch tư pháp (mã mới)', 'Judicial record certificate (new code)', 'second-hand'),
  entry('2.000488', 'Cấp phiếu lý lịch tư pháp (mã cũ)', 'Judicial record certificate (older code)', 'background'),
  entry('2.002206', 'Đăng ký mã số đơn vị có quan hệ với ngân sách', 'Budget-relation code of a unit', 'background'),
];
