import type { Figures, Report, ReportGroup, ReportRow } from '#lgsp/records';
import { countWord, groupWords, growthWord, ratioWord, shareWord, wordOf, type SystemNames } from '../report.words';
import { html, type Markup } from './markup';

/** Most lines of a table on the page; a longer one is for the spreadsheet. */
const linesMax = 600;

/** Rows with their figures, and the total below. @param shares adds each row's part of the total */
export function figuresTable(
  { total, previousPeriod }: Report,
  groupBy: readonly ReportGroup[],
  rows: readonly ReportRow[],
  systems: SystemNames,
  { shares = false } = {},
): Markup {
  const cells = (figures: Figures): Markup =>
    html`<td>${countWord(figures.count)}</td>
      ${shares ? html`<td class="share">${shareWord(figures.count, total.count)}</td>` : undefined}
      ${
        previousPeriod &&
        html`<td>${countWord(figures.previous!)}</td>
          <td>${ratioWord(figures.ratio)}</td>
          <td>${growthWord(figures.growthPercent)}</td>`
      }`;
  const body = rows.slice(0, linesMax).map(
    (row) =>
      html`<tr>
        ${groupBy.map((group) => html`<td class="text">${wordOf(group, row, systems)}</td>`)} ${cells(row)}
      </tr>`,
  );
  const cut =
    rows.length > linesMax
      ? html`<p><i>Còn ${countWord(rows.length - linesMax)} dòng: xem đầy đủ ở tệp XLSX hoặc CSV.</i></p>`
      : undefined;
  return html`<div class="scroll">
      <table>
        <thead>
          <tr>
            ${groupBy.map((group) => html`<th class="text">${groupWords[group]}</th>`)}
            <th>Số giao dịch</th>
            ${shares ? html`<th class="share">Tỷ trọng</th>` : undefined}
            ${
              previousPeriod &&
              html`<th>Cùng kỳ năm trước</th>
                <th>Gấp (lần)</th>
                <th>Tăng trưởng</th>`
            }
          </tr>
        </thead>
        <tbody>
          ${body}
        </tbody>
        <tfoot>
          <tr>
            <td class="text" colspan="${groupBy.length}">Tổng cộng</td>
            ${cells(total)}
          </tr>
        </tfoot>
      </table>
    </div>
    ${cut}`;
}
