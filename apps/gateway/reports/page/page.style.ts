/**
 * The page as it is read and printed: one sheet of A4 with the margins of Decree 30/2020/NĐ-CP (30 mm left, 20 mm elsewhere);
 * on a telephone one column. No script, no font and no picture from elsewhere.
 */
export const pageStyle = `
:root { color-scheme: light; --ink: #1a1a1a; --quiet: #5a6270; --rule: #c9d0d8; --accent: #1f4e79; }
* { box-sizing: border-box; }
body { margin: 0; background: #e9ecf0; color: var(--ink); font: 15px/1.5 "Times New Roman", Tinos, "Liberation Serif", serif; }
main { max-width: 210mm; margin: 24px auto; padding: 20mm 20mm 20mm 25mm; background: #fff; box-shadow: 0 1px 6px #0003; }
header { display: flex; justify-content: space-between; gap: 24px; text-align: center; }
header p { margin: 0; text-wrap: balance; }
header .issuer { font-weight: bold; text-transform: uppercase; }
header .issuer::after { content: ""; display: block; width: 90px; margin: 4px auto 0; border-top: 1px solid; }
h1 { margin: 28px 0 4px; font-size: 20px; line-height: 1.35; text-align: center; text-wrap: balance; }
h2 { margin: 26px 0 8px; font-size: 16px; color: var(--accent); }
.period { margin: 0; text-align: center; font-style: italic; }
.headline { display: grid; grid-template-columns: repeat(4, auto); margin: 20px 0 0; padding: 1px 0 0 1px; }
.headline div { margin: -1px 0 0 -1px; padding: 10px 12px; border: 1px solid var(--rule); }
.headline dt { font-size: 13px; color: var(--quiet); }
.headline dd { margin: 0; font-size: 23px; font-weight: bold; font-variant-numeric: tabular-nums; white-space: nowrap; }
.headline .now dd { color: var(--accent); }
figure { margin: 8px auto 12px; max-width: 560px; break-inside: avoid; }
figcaption { margin: 0 0 6px; font: 12px "Helvetica Neue", Arial, "Liberation Sans", sans-serif; color: var(--quiet); text-align: center; }
svg { display: block; width: 100%; height: auto; overflow: visible; }
svg text { font: 13px "Helvetica Neue", Arial, "Liberation Sans", "DejaVu Sans", sans-serif; fill: var(--ink); }
svg .figure { font-size: 12px; }
svg .quiet { font-size: 12px; fill: var(--quiet); }
svg .over { paint-order: stroke; stroke: #fff; stroke-width: 5px; stroke-linejoin: round; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 8px; border: 1px solid var(--rule); text-align: right; }
td { white-space: nowrap; }
th { background: #eef2f6; text-align: center; vertical-align: middle; font-weight: bold; font-size: 0.92em; line-height: 1.3; }
th.text, td.text { min-width: 8.5em; text-align: left; white-space: normal; overflow-wrap: break-word; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
tfoot td { font-weight: bold; }
.notes { font-size: 13.5px; color: #333; }
.notes ul { margin: 4px 0; padding-left: 20px; }
.signatures { display: flex; justify-content: space-around; gap: 24px; margin-top: 28px; text-align: center; break-inside: avoid; }
.signatures p { margin: 0; }
.signatures b { text-transform: uppercase; }
.signatures .line { margin-top: 88px; }
@media screen and (max-width: 700px) {
  body { background: #fff; }
  main { margin: 0; padding: 16px; box-shadow: none; }
  header { flex-direction: column; gap: 12px; }
  h1 { font-size: 18px; }
  .headline { grid-template-columns: 1fr 1fr; }
  .headline dd { font-size: 20px; }
  figure { margin: 8px 0 12px; }
  th, td { padding: 4px 5px; font-size: 13px; }
  th.text, td.text { min-width: 6.5em; }
  /* The bars above the table say it already. */
  .share { display: none; }
  .signatures { flex-direction: column; }
}
@media print {
  @page { size: A4; margin: 20mm 20mm 20mm 30mm; }
  body { background: #fff; font-size: 12pt; }
  main { max-width: none; margin: 0; padding: 0; box-shadow: none; }
  h2 { margin-top: 18px; break-after: avoid; }
  figure { margin: 4px auto 8px; max-width: 125mm; }
  th, td { padding: 2px 6px; }
  .notes, tfoot { break-inside: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
