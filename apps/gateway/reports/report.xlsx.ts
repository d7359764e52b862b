import type { Figures, Report } from '#lgsp/records';
import {
  figureWords,
  frozenWords,
  groupWords,
  momentWords,
  periodWords,
  wordOf,
  type SystemNames,
} from './report.words';

/** How spreadsheets write the figures: with the separators of whoever opens them. */
const formats = { count: '#,##0', previous: '#,##0', ratio: '0.00', growthPercent: '0.0' } as const;
type Figure = keyof typeof formats;
const head = { fontWeight: 'bold', backgroundColor: '#dce6f0', wrap: true, alignVertical: 'center' } as const;
const [textWidth, figureWidth] = [28, 18];

/**
 * A workbook of two sheets: the figures as cells of numbers below one line of heads, with the total last, and what they are.
 * The library is loaded by the first workbook: a gateway that makes none does not carry it.
 */
export async function reportXlsx(report: Report, systems: SystemNames): Promise<Buffer> {
  const { default: writeXlsxFile } = await import('write-excel-file/node');
  const { groupBy, rows, total, previousPeriod } = report;
  const figures = Object.keys(formats).filter((name) => previousPeriod || name === 'count') as Figure[];
  const numbers = (of: Figures, style: object = {}) =>
    figures.map((name) => {
      const value = of[name];
      return value === null || value === undefined ? null : { value, type: Number, format: formats[name], ...style };
    });
  const texts = (values: string[], style: object = {}) => values.map((value) => ({ value, type: String, ...style }));
  const totals = groupBy.map((_, index) => (index === 0 ? 'Tổng cộng' : ''));
  const bold = { fontWeight: 'bold' } as const;
  const table = [
    texts([...groupBy.map((group) => groupWords[group]), ...figures.map((name) => figureWords[name])], head),
    ...rows.map((row) => [...texts(groupBy.map((group) => wordOf(group, row, systems))), ...numbers(row)]),
    ...(groupBy.length > 0 ? [[...texts(totals, bold), ...numbers(total, bold)]] : []),
  ];
  const columns = [...groupBy.map(() => ({ width: textWidth })), ...figures.map(() => ({ width: figureWidth }))];
  const about = aboutOf(report).map(([name, text]) => [
    { value: name, type: String, ...bold },
    { value: text, type: String, wrap: true },
  ]);
  return writeXlsxFile([
    { sheet: 'Số liệu', data: table, columns, stickyRowsCount: 1 },
    { sheet: 'Thông tin', data: about, columns: [{ width: textWidth }, { width: 90 }] },
  ]).toBuffer();
}

const comparisonWords: [string, string][] = [
  ['Gấp (lần)', 'số giao dịch của kỳ báo cáo chia cho số giao dịch của cùng kỳ năm trước'],
  ['Tăng trưởng (%)', 'phần tăng thêm so với cùng kỳ năm trước, tính bằng phần trăm của cùng kỳ'],
];

function aboutOf(report: Report): [string, string][] {
  const { period, previousPeriod, environment, client, madeAt } = report;
  return [
    ['Báo cáo', 'Số lượng giao dịch qua nền tảng tích hợp, chia sẻ dữ liệu (LGSP)'],
    ['Kỳ báo cáo', periodWords(period)],
    ...(previousPeriod ? [['Kỳ so sánh', periodWords(previousPeriod)] as [string, string]] : []),
    ['Môi trường', environment === 'production' ? 'chính thức' : 'thử nghiệm'],
    ...(client ? [['Phần mềm khai thác', client] as [string, string]] : []),
    ['Tình trạng số liệu', frozenWords(report)],
    ['Lập lúc', momentWords(madeAt)],
    ...(previousPeriod ? comparisonWords : []),
  ];
}
