/** `npm run drill`: the drills of all alerts with the times that their rules have; `npm test` takes a sixtieth of each. Options go to Jest. */

/** They wait for hours, and must not wait for ever. */
const drillsTimeoutMs = 6 * 3_600_000;

process.env['LGSP_DRILL'] = 'full';
process.env['LGSP_TEST_TIMEOUT_MS'] = String(drillsTimeoutMs);
process.argv = [...process.argv.slice(0, 2), 'test/alerts/drills.spec.ts', ...process.argv.slice(2)];
await import('./test.mjs');
