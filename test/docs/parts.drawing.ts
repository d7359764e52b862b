/** docs/parts.svg: the parts as a drawing, with a room for each connector there is and one for the next. */
const rowPitch = 44;
const rowHeight = 34;
const top = 30;
const ours = 'class="box ours"';

/** Text in the middle of a box; `small` for what explains it. */
const label = (x: number, y: number, text: string, kind: 'plain' | 'strong' | 'small' = 'plain'): string => {
  const how = { plain: '', strong: ' font-weight="600"', small: ' class="small"' }[kind];
  return `<text${how} x="${x}" y="${y}" text-anchor="middle">${text}</text>`;
};

const box = (kind: string, x: number, y: number, width: number, height: number): string =>
  `<rect ${kind} x="${x}" y="${y}" width="${width}" height="${height}"/>`;

export function partsDrawing(systems: readonly string[]): string {
  const rowsHeight = (systems.length + 1) * rowPitch - (rowPitch - rowHeight);
  const height = top + rowsHeight + 30;
  const middle = top + rowsHeight / 2;
  const rooms = systems.flatMap((system, index) => {
    const y = top + index * rowPitch;
    const line = y + rowHeight / 2;
    return [
      box(ours, 610, y, 160, rowHeight) + label(690, line + 5, system),
      `<path class="arrow" d="M550 ${line} H610"/><path class="arrow" d="M770 ${line} H820"/>`,
    ];
  });
  const nextY = top + systems.length * rowPitch;
  const shapes = [
    box('class="box"', 20, middle - 45, 150, 90),
    label(95, middle - 8, 'One-stop software') + label(95, middle + 13, 'of wards, departments', 'small'),
    box(ours, 245, middle - 80, 165, 70) + label(327, middle - 52, 'gateway', 'strong'),
    label(327, middle - 30, 'admit · dispatch · record', 'small'),
    box(ours, 245, middle + 25, 165, 55) + label(327, middle + 49, 'ledger', 'strong'),
    label(327, middle + 68, 'counts · reports · proves', 'small'),
    box('class="box hall"', 470, top, 80, rowsHeight) + label(510, middle - 5, 'NATS', 'strong'),
    label(510, middle + 15, 'requests', 'small') + label(510, middle + 31, 'JetStream', 'small'),
    ...rooms,
    `<g stroke-dasharray="5 4">${box(ours, 610, nextY, 160, rowHeight)}</g>`,
    label(690, nextY + rowHeight / 2 + 5, 'the next one', 'small'),
    box('class="box out"', 820, top, 120, rowsHeight - rowPitch) + label(880, middle - 50, 'Outside'),
    label(880, middle - 30, 'systems') + label(880, middle - 2, 'SOAP, REST,', 'small'),
    label(880, middle + 15, 'X-Road, WSO2', 'small') + label(880, middle + 52, 'here: the sandbox', 'small'),
    `<path class="arrow" d="M170 ${middle - 30} H245"/>` + label(207, middle - 39, 'HTTP', 'small'),
    `<path class="arrow" d="M410 ${middle - 45} H470"/><path class="arrow" d="M470 ${middle + 52} H410"/>`,
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 ${height}" font-family="system-ui, sans-serif" font-size="14" role="img" aria-labelledby="t d">
  <title id="t">The parts of lgsp</title>
  <desc id="d">One-stop software calls the gateway over HTTP; the gateway sends each transaction over NATS to the connector of its system, and records it there for the ledger; the connectors call the outside systems: ${systems.join(', ')}.</desc>
  <style>
    .box { fill: #ffffff; stroke: #33475b; stroke-width: 1.5; rx: 6; }
    .ours { fill: #eaf2fb; }
    .hall { fill: #dff3e4; }
    .out { fill: #fdf3e1; }
    .arrow { stroke: #33475b; stroke-width: 1.5; fill: none; marker-end: url(#a); }
    text { fill: #1c2733; }
    .small { font-size: 12px; fill: #51606f; }
  </style>
  <defs><marker id="a" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="#33475b"/></marker></defs>
  <rect width="960" height="${height}" fill="#ffffff"/>
  ${shapes.join('\n  ')}
</svg>
`;
}
