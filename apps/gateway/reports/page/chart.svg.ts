import { countWord, decimalWord } from '../report.words';
import { html, type Markup } from './markup';

/** Charts are drawn in these units; the page scales them. Small enough that letters stay readable on a telephone. */
const width = 480;
const colours = { now: '#1f4e79', before: '#b4c3d4', line: '#d5dbe2' } as const;

/** A pair of columns: this period's, and the year before's where it is compared. */
export interface Column {
  label: string;
  count: number;
  previous?: number;
}

const plot = { top: 34, bottom: 26, left: 8, height: 230 } as const;
/** More columns than these are drawn without their figures: they would stand on each other. */
const labelledMax = 12;
/** Of more columns so many months are named, with room between them. */
const namedMax = 8;

/** Monthly columns against those of the year before. @param names of both, for the legend */
export function columnChart(title: string, columns: readonly Column[], names: { now: string; before: string }): Markup {
  const most = Math.max(1, ...columns.flatMap(({ count, previous = 0 }) => [count, previous]));
  const unit = unitOf(most);
  const floor = plot.height - plot.bottom;
  const heightOf = (count: number): number => ((floor - plot.top - 14) * count) / most;
  const step = (width - 2 * plot.left) / Math.max(1, columns.length);
  const bar = Math.min(30, step * 0.38);
  const compares = columns.some(({ previous }) => previous !== undefined);
  const labelEvery = columns.length <= labelledMax ? 1 : Math.ceil(columns.length / namedMax);
  // The year before's figure ends where its column does: in the middle it would run into the column beside.
  const one = (value: number, left: number, before: boolean): Markup => {
    const [top, x] = [round(floor - heightOf(value)), round(before ? left + bar : left + bar / 2)];
    const figure = html`<text class="figure" x="${x}" y="${top - 4}" text-anchor="${before ? 'end' : 'middle'}"
      >${unit.write(value)}</text
    >`;
    return html`<rect
        x="${round(left)}"
        y="${top}"
        width="${round(bar)}"
        height="${round(heightOf(value))}"
        fill="${before ? colours.before : colours.now}"
      />
      ${columns.length <= labelledMax ? figure : undefined}`;
  };
  const drawn = columns.map(({ label, count, previous }, index) => {
    const middle = plot.left + step * (index + 0.5);
    const pair =
      previous === undefined
        ? one(count, middle - bar / 2, false)
        : html`${one(previous, middle - bar - 1, true)}${one(count, middle + 1, false)}`;
    const name = html`<text x="${round(middle)}" y="${floor + 17}" text-anchor="middle">${label}</text>`;
    return html`${pair}${index % labelEvery === 0 ? name : undefined}`;
  });
  const legend = compares
    ? html`<rect x="${plot.left}" y="3" width="11" height="11" fill="${colours.before}" /><text
          x="${plot.left + 16}"
          y="13"
          >${names.before}</text
        >
        <rect x="${plot.left + 170}" y="3" width="11" height="11" fill="${colours.now}" /><text
          x="${plot.left + 186}"
          y="13"
          >${names.now}</text
        >`
    : undefined;
  return chart(
    title,
    plot.height,
    html`${legend}<text x="${width - plot.left}" y="13" text-anchor="end" class="quiet">${unit.name}</text>${drawn}
      <line x1="${plot.left}" x2="${width - plot.left}" y1="${floor}" y2="${floor}" stroke="#444" />`,
  );
}

export interface Bar {
  label: string;
  value: number;
  /** What stands at its end. */
  text: string;
}

const barStep = 36;

/** One bar below its label for each, so that long names have room. */
export function barChart(title: string, bars: readonly Bar[]): Markup {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const drawn = bars.map(({ label, value, text }, index) => {
    const top = index * barStep;
    return html`<text x="0" y="${top + 13}">${label}</text
      ><text x="${width}" y="${top + 13}" text-anchor="end" class="figure">${text}</text>
      <rect x="0" y="${top + 18}" width="${width}" height="10" fill="#eef1f5" />
      <rect x="0" y="${top + 18}" width="${round((width * value) / most)}" height="10" fill="${colours.now}" />`;
  });
  return chart(title, bars.length * barStep, html`${drawn}`);
}

export interface Span {
  label: string;
  p50Ms: number;
  p95Ms: number;
}

/** Where half and where nearly all had ended, on a scale of powers of ten. */
export function spanChart(title: string, spans: readonly Span[]): Markup {
  const [first, last] = [
    Math.min(1, ...spans.map(({ p50Ms }) => Math.floor(Math.log10(Math.max(1, p50Ms))))),
    Math.max(3, ...spans.map(({ p95Ms }) => Math.ceil(Math.log10(Math.max(1, p95Ms))))),
  ];
  const margin = 22;
  const at = (ms: number): number =>
    margin + ((width - 2 * margin) * (Math.log10(Math.max(10 ** first, ms)) - first)) / (last - first);
  const top = 22;
  const bottom = top + spans.length * barStep + 4;
  const powers = Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
  const grid = powers.map(
    (ms) =>
      html`<line x1="${round(at(ms))}" x2="${round(at(ms))}" y1="${top - 4}" y2="${bottom}" stroke="${colours.line}" />
        <text x="${round(at(ms))}" y="12" text-anchor="middle" class="quiet">${durationWord(ms)}</text>`,
  );
  const drawn = spans.map(({ label, p50Ms, p95Ms }, index) => {
    const line = top + index * barStep + 25;
    return html`<text x="0" y="${line - 10}" class="over">${label}</text>
      <text x="${width}" y="${line - 10}" text-anchor="end" class="figure over"
        >${durationWord(p50Ms)} · ${durationWord(p95Ms)}</text
      >
      <line
        x1="${round(at(p50Ms))}"
        x2="${round(at(p95Ms))}"
        y1="${line}"
        y2="${line}"
        stroke="${colours.before}"
        stroke-width="5"
      />
      <circle cx="${round(at(p50Ms))}" cy="${line}" r="5.5" fill="${colours.now}" />
      <circle cx="${round(at(p95Ms))}" cy="${line}" r="4.5" fill="#fff" stroke="${colours.now}" stroke-width="2" />`;
  });
  return chart(title, bottom, html`${grid}${drawn}`);
}

/** 1_234 → `1,2 giây`. */
export function durationWord(ms: number): string {
  if (ms < 1_000) return `${countWord(Math.round(ms))} ms`;
  return Number.isInteger(ms / 1_000) ? `${countWord(ms / 1_000)} giây` : `${decimalWord(ms / 1_000)} giây`;
}

function unitOf(most: number): { name: string; write(count: number): string } {
  if (most < 10_000) return { name: 'giao dịch', write: countWord };
  return { name: 'nghìn giao dịch', write: (count) => decimalWord(count / 1_000) };
}

function chart(title: string, height: number, drawn: Markup): Markup {
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
    <title>${title}</title>
    ${drawn}
  </svg>`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
