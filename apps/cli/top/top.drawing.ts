import type { TopRow, TopView } from './top.view';

export interface Paper {
  columns: number;
  /** Lines that fit; all when it is no terminal. */
  rows: number;
  colours: boolean;
  /** Why the figures are not those of now. */
  trouble?: string;
}

interface Column {
  title: string;
  width: number;
  right?: boolean;
  cell: (row: TopRow) => string;
}

const none = '–';

/** What fits into 80 columns, with a space between. */
const columns: readonly Column[] = [
  { title: 'system', width: 21, cell: ({ system }) => system },
  { title: 'state', width: 8, cell: ({ state }) => state },
  { title: 'calls/s', width: 8, right: true, cell: ({ perSecond }) => rate(perSecond) },
  { title: 'success', width: 8, right: true, cell: ({ success }) => percent(success) },
  { title: 'p95', width: 8, right: true, cell: ({ p95Ms }) => duration(p95Ms) },
  { title: 'circuit', width: 9, cell: ({ circuit = none }) => circuit },
  { title: 'in flight', width: 9, right: true, cell: ({ inFlight }) => String(inFlight) },
];
/** Beside those on a wider terminal. */
const wideColumns: readonly Column[] = [
  { title: 'since', width: 14, cell: ({ since }) => moment(since) },
  { title: 'last error', width: 24, cell: ({ lastError }) => lastError?.code ?? none },
  { title: 'at', width: 14, cell: ({ lastError }) => (lastError ? moment(lastError.at) : none) },
];

const colourOf = { up: '\u001B[32m', degraded: '\u001B[33m', down: '\u001B[31m' } as const;
const plain = '\u001B[0m';

/** The table as lines, each within the paper's width; what is sick stands first, so what does not fit is well. */
export function drawTop(view: TopView, paper: Paper): string[] {
  const { at, gateway, seconds, sick, connections } = view;
  const shown = [...columns];
  for (const column of wideColumns) if (widthOf([...shown, column]) <= paper.columns) shown.push(column);
  const clip = (text: string): string => [...text].slice(0, paper.columns).join('');
  const head = [
    clip(`lgsp top  ${moment(at)}  ${gateway}  rates of the last ${seconds.toFixed(0)} s`),
    ...(paper.trouble === undefined ? [] : [clip(`! ${paper.trouble}`)]),
    ...sick.map(({ part, status, reason }) => clip(`! ${part} is ${status}${reason ? `: ${reason}` : ''}`)),
    '',
    clip(shown.map((column) => fit(column.title, column)).join(' ')),
  ];
  const foot = clip(shown.map((column) => fit(totalCell(column, connections), column)).join(' '));
  const room = Math.max(1, paper.rows - head.length - 2);
  const rows = connections.slice(0, room).map((row) => {
    const line = clip(shown.map((column) => fit(column.cell(row), column)).join(' '));
    return paper.colours && row.state !== 'up' ? `${colourOf[row.state]}${line}${plain}` : line;
  });
  const left = connections.length - rows.length;
  return [...head, ...rows, ...(left > 0 ? [clip(`… ${left} more`)] : []), foot].map((line) => line.trimEnd());
}

function totalCell({ title }: Column, rows: readonly TopRow[]): string {
  if (title === 'system') return `all ${rows.length}`;
  if (title === 'state') return `${rows.filter(({ state }) => state === 'up').length} up`;
  if (title === 'calls/s') return rate(rows.reduce((sum, { perSecond }) => sum + perSecond, 0));
  if (title === 'in flight') return String(rows.reduce((sum, { inFlight }) => sum + inFlight, 0));
  return '';
}

const widthOf = (shown: readonly Column[]): number => shown.reduce((sum, { width }) => sum + width + 1, -1);

/** Exactly as wide as its column: a long name ends with an ellipsis. */
function fit(text: string, { width, right }: Column): string {
  const letters = [...text];
  const cut = letters.length > width ? `${letters.slice(0, width - 1).join('')}…` : text;
  return right ? cut.padStart(width) : cut.padEnd(width);
}

const rate = (perSecond: number): string =>
  perSecond >= 100 ? perSecond.toFixed(0) : perSecond >= 10 ? perSecond.toFixed(1) : perSecond.toFixed(2);

/** Never 100 % when there was a failure. */
function percent(share: number | undefined): string {
  if (share === undefined) return none;
  return share === 1 ? '100 %' : `${Math.min(99.9, share * 100).toFixed(1)} %`;
}

function duration(ms: number | undefined): string {
  if (ms === undefined) return none;
  return ms >= 1_000 ? `${(ms / 1_000).toFixed(1)} s` : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
}

/** `2026-11-25T10:15:00+07:00` → `25/11 10:15:00`. */
const moment = (at: string): string => `${at.slice(8, 10)}/${at.slice(5, 7)} ${at.slice(11, 19)}`;
