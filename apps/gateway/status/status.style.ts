/** One column of cards on a telephone, a table on a desk; light or dark as the reader's device is. */
export const statusStyle = `
:root { color-scheme: light dark; --page: #f4f6f8; --card: #fff; --ink: #1a1d21; --quiet: #5a6270; --rule: #d5dbe2; --bar: #14325c;
  --up: #1b7f3b; --degraded: #9a5b00; --down: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --page: #14171b; --card: #1e2329; --ink: #e8eaed; --quiet: #a2abb7; --rule: #363d46;
  --up: #6fd08c; --degraded: #f0b45c; --down: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, "Noto Sans", "DejaVu Sans", sans-serif; }
body > header { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 4px 24px;
  padding: 12px 24px; background: var(--bar); color: #fff; }
body > header p { margin: 0; font-size: 17px; font-weight: 600; }
body > header a { color: #fff; }
main { max-width: 1080px; margin: 0 auto; padding: 20px 24px 32px; }
h1 { margin: 0; font-size: 24px; line-height: 1.3; }
h1.up { color: var(--up); } h1.degraded { color: var(--degraded); } h1.down { color: var(--down); }
.at { margin: 0 0 16px; color: var(--quiet); }
h2 { margin: 24px 0 8px; font-size: 16px; }
table { width: 100%; border-collapse: collapse; background: var(--card); border: 1px solid var(--rule); font-variant-numeric: tabular-nums; }
th, td { padding: 8px 12px; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; }
thead th { color: var(--quiet); font-size: 13px; font-weight: 600; }
td.number, thead th.number { text-align: right; }
code { font: 14px ui-monospace, "DejaVu Sans Mono", monospace; }
small { display: block; color: var(--quiet); font-size: 13px; }
time { white-space: nowrap; }
.mark { font-weight: 600; white-space: nowrap; }
.mark::before { content: "● "; } .mark.degraded::before { content: "▲ "; } .mark.down::before { content: "■ "; }
.mark.up { color: var(--up); } .mark.degraded { color: var(--degraded); } .mark.down { color: var(--down); }
ul { display: flex; flex-wrap: wrap; gap: 8px 24px; margin: 0; padding: 12px; list-style: none; background: var(--card); border: 1px solid var(--rule); }
.note { color: var(--quiet); font-size: 13px; }
@media (max-width: 700px) {
  body > header, main { padding-left: 16px; padding-right: 16px; }
  table, tbody, tr, td { display: block; }
  thead { display: none; }
  table { background: none; border: 0; }
  tr { margin-bottom: 10px; padding: 10px 12px; background: var(--card); border: 1px solid var(--rule); }
  td { display: flex; justify-content: space-between; gap: 16px; padding: 2px 0; border: 0; text-align: right; }
  td::before { content: attr(data-name); flex: none; color: var(--quiet); text-align: left; }
  td:first-child { display: block; text-align: left; } td:first-child::before { content: none; }
}
`;
