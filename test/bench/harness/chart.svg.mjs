/** Charts as SVG text, for the documents: bars of parts, and lines over a logarithmic or plain axis. */

/** Told apart also by who sees few colours (Okabe and Ito). */
const colours = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#f0e442', '#000000'];
const width = 900;
const text = (/** @type {string} */ value) => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const round = (/** @type {number} */ value) => Number(value.toFixed(1));

/** @param {string} title @param {string} note @param {number} height @param {string[]} parts */
function frame(title, note, height, parts) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13" role="img" aria-label="${text(title).replaceAll('"', '&quot;')}">
  <rect width="${width}" height="${height}" fill="#ffffff"/>
  <text x="20" y="28" font-size="16" font-weight="600" fill="#1c2733">${text(title)}</text>
  <text x="20" y="48" fill="#51606f">${text(note)}</text>
  ${parts.join('\n  ')}
</svg>
`;
}

/** A round step that divides a range into some five parts. @param {number} most */
function stepOf(most) {
  const rough = most / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
}

/** @param {readonly string[]} names @param {number} y */
const legend = (names, y) =>
  names.map((name, at) => {
    const x = 190 + at * 130;
    const box = `<rect x="${x}" y="${y - 10}" width="12" height="12" fill="${colours[at % colours.length]}"/>`;
    return `${box}<text x="${x + 18}" y="${y}" fill="#1c2733">${text(name)}</text>`;
  });

/**
 * Horizontal bars, each of one or several parts.
 * @param {{title: string, note: string, parts: readonly string[],
 *   rows: readonly {name: string, values: readonly number[], spread: number}[]}} chart `spread` of the sum, as a share
 */
export function bars({ title, note, parts, rows }) {
  const [left, right, top, rowHeight] = [180, 110, 70, 30];
  const sum = (/** @type {readonly number[]} */ values) => values.reduce((total, value) => total + value, 0);
  const most = Math.max(...rows.map(({ values, spread }) => sum(values) * (1 + spread)));
  const scale = (width - left - right) / most;
  const drawn = rows.map(({ name, values, spread }, row) => {
    const y = top + row * rowHeight;
    let x = left;
    const boxes = values.map((value, at) => {
      const box = `<rect x="${round(x)}" y="${y}" width="${round(value * scale)}" height="18" fill="${colours[at]}"/>`;
      x += value * scale;
      return box;
    });
    const [from, to] = [x - sum(values) * spread * scale, x + sum(values) * spread * scale];
    const whisker = `<path d="M${round(from)} ${y + 9} H${round(to)} M${round(from)} ${y + 4} v10 M${round(to)} ${y + 4} v10" stroke="#1c2733"/>`;
    const figure = Math.round(sum(values)).toLocaleString('en-US');
    return [
      `<text x="${left - 10}" y="${y + 14}" text-anchor="end" fill="#1c2733">${text(name)}</text>`,
      ...boxes,
      whisker,
      `<text x="${round(to + 8)}" y="${y + 14}" fill="#1c2733">${figure}</text>`,
    ].join('');
  });
  const bottom = top + rows.length * rowHeight + 20;
  return frame(title, note, bottom + 20, [...drawn, ...(parts.length > 1 ? legend(parts, bottom) : [])]);
}

/**
 * Lines over the same horizontal axis.
 * @param {{title: string, note: string, horizontal: string, logarithmic?: boolean,
 *   series: readonly {name: string, points: readonly (readonly [number, number])[]}[]}} chart
 */
export function lines({ title, note, horizontal, logarithmic = false, series }) {
  const [left, right, top, height] = [70, 30, 90, 280];
  const position = (/** @type {number} */ value) => (logarithmic ? Math.log10(value) : value);
  const all = series.flatMap(({ points }) => points);
  const xs = [...new Set(all.map(([x]) => x))].toSorted((a, b) => a - b);
  const [first, last] = [position(xs[0]), position(xs.at(-1))];
  const step = stepOf(Math.max(...all.map(([, y]) => y), Number.MIN_VALUE));
  const most = Math.ceil(Math.max(...all.map(([, y]) => y)) / step) * step || step;
  const at = (/** @type {readonly [number, number]} */ [x, y]) => {
    const share = last === first ? 0.5 : (position(x) - first) / (last - first);
    return [round(left + share * (width - left - right)), round(top + height - (y / most) * height)];
  };
  const marks = [];
  for (let value = 0; value <= most + step / 2; value += step) {
    const [, y] = at([xs[0], value]);
    marks.push(
      `<path d="M${left} ${y} H${width - right}" stroke="#d5dce3"/><text x="${left - 8}" y="${y + 4}" text-anchor="end" fill="#51606f">${Number(value.toPrecision(6)).toLocaleString('en-US')}</text>`,
    );
  }
  const shown = xs.filter((_, index) => xs.length <= 12 || index % Math.ceil(xs.length / 12) === 0);
  for (const x of shown) {
    marks.push(
      `<text x="${at([x, 0])[0]}" y="${top + height + 20}" text-anchor="middle" fill="#51606f">${Number(x.toPrecision(6))}</text>`,
    );
  }
  const drawn = series.map(({ points }, index) => {
    const path = points.map((point) => at(point).join(' ')).join(' L');
    const dots =
      points.length <= 20
        ? points.map((point) => `<circle cx="${at(point)[0]}" cy="${at(point)[1]}" r="3" fill="${colours[index]}"/>`)
        : [];
    return `<path d="M${path}" fill="none" stroke="${colours[index]}" stroke-width="2"/>${dots.join('')}`;
  });
  const under = `<text x="${(left + width - right) / 2}" y="${top + height + 42}" text-anchor="middle" fill="#51606f">${text(horizontal)}</text>`;
  const names = series.map(({ name }) => name);
  return frame(title, note, top + height + 60, [...marks, ...drawn, under, ...legend(names, 74)]);
}
