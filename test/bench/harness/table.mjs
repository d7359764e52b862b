/** Figures for people: tables that are Markdown as they stand. */
import { errorsOf, middle } from './subjects.mjs';

/** @param {string[]} head @param {string[][]} rows the first column is text, the others are figures */
export function table(head, rows) {
  const widths = head.map((title, at) => Math.max(3, title.length, ...rows.map((row) => row[at].length)));
  const line = (/** @type {string[]} */ cells) =>
    `| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join(' | ')} |`;
  const rule = widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

/** As many digits as a figure of a noisy machine deserves: three. @param {number} value */
export function digits(value) {
  if (value >= 100) return Math.round(value).toLocaleString('en-US');
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** @param {{median: number, spread: number}} figure */
const withSpread = ({ median, spread }) => `${digits(median)} ± ${(spread * 100).toFixed(0)} %`;

export const roles = ['gateway', 'responder', 'nats', 'redis'];

/** The table of most scenes. @param {readonly import('./subjects.mjs').Subject[]} subjects @param {string} [title] of the first column */
export function subjectsTable(subjects, title = 'contender') {
  const cpu = roles.map((role) => `${role} µs`);
  const head = [title, 'per second', ...cpu, 'p50 ms', 'p99 ms', 'p99.9 ms', 'gateway MB', 'errors', 'others'];
  const rows = subjects.map((subject) => {
    const figure = (/** @type {(round: import('./subjects.mjs').Round) => number} */ of) => middle(subject, of);
    const others = figure(({ othersCores }) => othersCores).median;
    return [
      subject.name,
      withSpread(figure(({ perSecond }) => perSecond)),
      withSpread(figure(({ cpu: { gateway } }) => gateway)),
      ...roles.slice(1).map((role) => digits(figure(({ cpu: used }) => used[role] ?? 0).median)),
      digits(figure(({ latencyMs }) => latencyMs.p50).median),
      withSpread(figure(({ latencyMs }) => latencyMs.p99)),
      digits(figure(({ latencyMs }) => latencyMs.p999).median),
      digits(figure(({ memory: { gateway } }) => gateway).median),
      String(errorsOf(subject)),
      `${(others * 100).toFixed(0)} %`,
    ];
  });
  return table(head, rows);
}

export const tableNote = [
  'Medians of the rounds, ± half of what lies between the tenth and the ninetieth percentile.',
  'µs: CPU time per transaction, as the kernel accounts it to each process.',
  'others: what the machine did for others meanwhile, in hundredths of a core; above a few the figures are disturbed.',
].join('\n');
