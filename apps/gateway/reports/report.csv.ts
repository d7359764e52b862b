import type { Report, ReportRow } from '#lgsp/records';

/** Without it a spreadsheet takes UTF-8 for something else. */
const byteOrderMark = '\ufeff';
/** With which a spreadsheet would take a text for a formula. */
const formulaStart = /^[=+\-@\t\r]/;

/**
 * The rows of a report as CSV (RFC 4180): names as in JSON, decimal points, lines end in CR LF. A text that a spreadsheet
 * could take for a formula begins with an apostrophe; figures are figures and stay as they are.
 */
export function reportCsv({ groupBy, rows, previousPeriod }: Report): string {
  const columns: (keyof ReportRow)[] = [
    ...groupBy,
    'count',
    ...(previousPeriod ? (['previous', 'ratio', 'growthPercent'] as const) : []),
  ];
  const lines = [columns, ...rows.map((row) => columns.map((column) => cell(row[column])))];
  return `${byteOrderMark}${lines.map((line) => line.join(',')).join('\r\n')}\r\n`;
}

function cell(value: string | number | null | undefined): string {
  if (typeof value !== 'string') return String(value ?? '');
  const harmless = formulaStart.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
