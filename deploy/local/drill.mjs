/**
 * `npm run drill`: the drills of all alerts with the times that their rules have, for hours; with `--short` every time a sixtieth, for
 * minutes. `npm test` drills some of them so. Other options go to Jest.
 */
const short = '--short';
const options = process.argv.slice(2);

process.env['LGSP_DRILL'] = options.includes(short) ? 'short' : 'full';
/** They wait for hours, and must not wait for ever. */
const drillsTimeoutMs = 6 * 3_600_000;
process.env['LGSP_TEST_TIMEOUT_MS'] = String(drillsTimeoutMs);
const others = options.filter((option) => option !== short);
process.argv = [...process.argv.slice(0, 2), 'test/alerts/drills.spec.ts', ...others];
await import('./test.mjs');
