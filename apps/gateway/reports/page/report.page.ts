import type { Outcome } from '#lgsp/errors';
import { outcomes } from '#lgsp/errors';
import type { Report, ReportGroup, ReportRow, SystemDuration } from '#lgsp/records';
import { monthsAfter } from '#lgsp/vietnam';
import {
  countWord,
  dayWord,
  frozenWords,
  growthWord,
  momentWords,
  monthWord,
  outcomeWords,
  periodWords,
  ratioWord,
  shareWord,
  type SystemNames,
} from '../report.words';
import { barChart, columnChart, durationWord, spanChart } from './chart.svg';
import { figuresTable } from './figures.table';
import { html, type Markup } from './markup';
import { pageStyle } from './page.style';

/** The groupings that the page shows, beside the one that was asked for. */
export const pageTables: ReportGroup[][] = [['month'], ['system'], ['outcome']];

export interface PageParts {
  report: Report;
  systems: SystemNames;
  /** Whose report it is, at its head; a dotted line to fill in when it is not known. */
  issuer?: string;
}

/** The report as a page to print and to attach: in Vietnamese, without a script. */
export function reportPage({ report, systems, issuer }: PageParts): string {
  const { period, previousPeriod, groupBy, environment, client } = report;
  const [months = [], bySystem = [], byOutcome = []] = (report.further ?? []).map(({ rows }) => rows);
  const numbered = new Sections();
  const title = 'Báo cáo số lượng giao dịch qua nền tảng tích hợp, chia sẻ dữ liệu (LGSP)';
  const page = html`<!doctype html>
    <html lang="vi">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}, ${dayWord(period.from)} – ${dayWord(period.to)}</title>
        <style></style>
      </head>
      <body>
        <main>
          <header>
            <p class="issuer">${issuer ?? '……………………………………'}</p>
            <p>
              <b>PHỤ LỤC</b><br /><i>(Kèm theo Báo cáo số ……/BC-……<br />ngày …… tháng …… năm ……)</i>
            </p>
          </header>
          <h1>Báo cáo số lượng giao dịch<br />qua nền tảng tích hợp, chia sẻ dữ liệu (LGSP)</h1>
          <p class="period">${capital(periodWords(period))}</p>
          ${previousPeriod && html`<p class="period">So với cùng kỳ: ${periodWords(previousPeriod)}</p>`}
          ${environment === 'sandbox' ? html`<p class="period"><b>MÔI TRƯỜNG THỬ NGHIỆM</b></p>` : undefined}
          ${client === undefined ? undefined : html`<p class="period">Phần mềm khai thác: ${client}</p>`}
          ${headline(report)} ${numbered.section('Theo tháng', monthsPart(report, months, systems))}
          ${numbered.section('Theo hệ thống', systemsPart(report, bySystem, systems))}
          ${numbered.section('Theo kết quả giao dịch', outcomesPart(report, byOutcome, systems))}
          ${report.durations && numbered.section('Thời gian xử lý', durationsPart(bySize(report.durations), systems))}
          ${
            groupBy.length > 0
              ? numbered.section('Số liệu chi tiết', figuresTable(report, groupBy, report.rows, systems))
              : undefined
          }
          ${notes(report)} ${signatures()}
        </main>
      </body>
    </html>`;
  // The style is our own text, and no value of the book: it stands as it is.
  return page.text.replace('<style></style>', () => `<style>${pageStyle}</style>`);
}

const numerals = ['I', 'II', 'III', 'IV', 'V'];

class Sections {
  private count = 0;

  section(title: string, content: Markup): Markup {
    return html`<section>
      <h2>${numerals[this.count++]}. ${title}</h2>
      ${content}
    </section>`;
  }
}

function headline({ total, previousPeriod }: Report): Markup {
  const items: [string, string][] = [['Tổng số giao dịch', countWord(total.count)]];
  if (previousPeriod) {
    items.push(['Cùng kỳ năm trước', countWord(total.previous!)]);
    items.push(['Gấp', total.ratio === null ? '–' : `${ratioWord(total.ratio)} lần`]);
    items.push(['Tăng trưởng', growthWord(total.growthPercent)]);
  }
  const cells = items.map(
    ([name, value], index) =>
      html`<div class="${index === 0 ? 'now' : ''}">
        <dt>${name}</dt>
        <dd>${value}</dd>
      </div>`,
  );
  return html`<dl class="headline">${cells}</dl>`;
}

/** No frame around nothing. */
const figureOf = (shown: readonly unknown[], chart: () => Markup): Markup | undefined =>
  shown.length > 0 ? html`<figure>${chart()}</figure>` : undefined;

function monthsPart(report: Report, rows: readonly ReportRow[], systems: SystemNames): Markup {
  const columns = withoutGaps(rows).map(({ month, ...counts }) => ({ label: monthWord(month), ...counts }));
  const names = { now: 'Kỳ báo cáo', before: 'Cùng kỳ năm trước' };
  return html`${figureOf(columns, () => columnChart('Số giao dịch theo tháng', columns, names))}
  ${figuresTable(report, ['month'], rows, systems)}`;
}

/** Every month from the first that has any to the last: where there is nothing a place is left. */
function withoutGaps(rows: readonly ReportRow[]): { month: string; count: number; previous?: number }[] {
  const known = new Map(rows.map(({ month, count, previous }) => [month!, { count, previous }]));
  const months = [...known.keys()].toSorted();
  const compares = rows.some(({ previous }) => previous !== undefined);
  const all = [];
  for (let month = months[0]; month !== undefined && month <= months.at(-1)!; month = monthsAfter(month, 1))
    all.push({ month, ...(known.get(month) ?? { count: 0, previous: compares ? 0 : undefined }) });
  return all;
}

function systemsPart(report: Report, rows: readonly ReportRow[], systems: SystemNames): Markup {
  const all = report.total.count;
  const sorted = rows.toSorted((a, b) => b.count - a.count);
  const bars = sorted.map(({ system, count }) => ({
    label: systems.get(system!) ?? system!,
    value: count,
    text: shareWord(count, all),
  }));
  return html`${figureOf(bars, () => barChart('Tỷ trọng theo hệ thống', bars))}
  ${figuresTable(report, ['system'], sorted, systems, { shares: true })}`;
}

function outcomesPart(report: Report, rows: readonly ReportRow[], systems: SystemNames): Markup {
  const all = report.total.count;
  const sorted = rows.toSorted((a, b) => orderOf(a) - orderOf(b));
  const bars = sorted.map(({ outcome, count }) => ({
    label: outcomeWords[outcome as Outcome],
    value: count,
    text: shareWord(count, all),
  }));
  return html`${figureOf(bars, () => barChart('Tỷ trọng theo kết quả', bars))}
  ${figuresTable(report, ['outcome'], sorted, systems, { shares: true })}`;
}

/** In the order in which the systems stand above. */
const bySize = (durations: readonly SystemDuration[]): SystemDuration[] =>
  durations.toSorted((a, b) => b.count - a.count);

const orderOf = ({ outcome }: ReportRow): number => outcomes.indexOf(outcome as Outcome);

function durationsPart(durations: readonly SystemDuration[], systems: SystemNames): Markup {
  const spans = durations.map(({ system, p50Ms, p95Ms }) => ({ label: systems.get(system) ?? system, p50Ms, p95Ms }));
  const rows = durations.map(
    ({ count, p50Ms, p95Ms }, index) =>
      html`<tr>
        <td class="text">${spans[index]!.label}</td>
        <td>${countWord(count)}</td>
        <td>${durationWord(p50Ms)}</td>
        <td>${durationWord(p95Ms)}</td>
      </tr>`,
  );
  return html`<figure>
      <figcaption>● p50: một nửa số giao dịch &nbsp; ○ p95: 95 % số giao dịch</figcaption>
      ${spanChart('Thời gian xử lý theo hệ thống', spans)}
    </figure>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th class="text">Hệ thống</th>
            <th>Giao dịch có trả lời</th>
            <th>p50 (một nửa)</th>
            <th>p95 (95 %)</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`;
}

function notes(report: Report): Markup {
  const { previousPeriod, durations, madeAt } = report;
  return html`<section class="notes">
    <h2>Ghi chú</h2>
    <ul>
      <li>
        Giao dịch: một lượt gọi dịch vụ đã được cổng tiếp nhận, chỉ đếm một lần dù phải gửi lại; không gồm lượt bị từ
        chối tại cổng, lượt hỏi trạng thái của hệ thống và môi trường thử nghiệm.
      </li>
      ${
        previousPeriod &&
        html`<li>
          Gấp (lần) là số giao dịch của kỳ báo cáo chia cho cùng kỳ năm trước; tăng trưởng là phần tăng thêm, tính bằng
          phần trăm của cùng kỳ.
        </li>`
      }
      ${
        durations &&
        html`<li>
          p50, p95: thời gian từ lúc tiếp nhận đến lúc trả lời mà một nửa và 95 % số giao dịch không vượt quá, ước tính
          theo khoảng; thang của biểu đồ chia theo lũy thừa của 10.
        </li>`
      }
      <li>${frozenWords(report)}</li>
      <li>Lập lúc ${momentWords(madeAt)} (giờ Việt Nam) từ sổ giao dịch của nền tảng.</li>
    </ul>
  </section>`;
}

function signatures(): Markup {
  return html`<div class="signatures">
    <div>
      <p>&nbsp;</p>
      <p><b>Người lập biểu</b></p>
      <p><i>(Ký, ghi rõ họ tên)</i></p>
      <p class="line">……………………………</p>
    </div>
    <div>
      <p><i>…………, ngày …… tháng …… năm ……</i></p>
      <p><b>Thủ trưởng đơn vị</b></p>
      <p><i>(Ký, ghi rõ họ tên, đóng dấu)</i></p>
      <p class="line">……………………………</p>
    </div>
  </div>`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
