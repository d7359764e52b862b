/** Orders the test files of `npm test`. */
const { relative } = require('node:path');
const { default: Sequencer } = require('@jest/test-sequencer');

/** About how long a file takes that takes long, in seconds, for a machine on which none was ever run. */
const seconds = {
  'test/e2e/new.connector.spec.ts': 150,
  'test/alerts/drills.spec.ts': 50,
  'test/e2e/reports.spec.ts': 70,
  'test/chaos/ledger.spec.ts': 70,
  'test/e2e/dashboards.spec.ts': 50,
  'test/chaos/courier.spec.ts': 40,
  'test/chaos/archive.spec.ts': 40,
  'test/chaos/database.spec.ts': 40,
  'test/e2e/later.spec.ts': 40,
  'test/e2e/calling.spec.ts': 40,
  'test/e2e/transactions.spec.ts': 35,
  'test/e2e/reconcile.spec.ts': 35,
  'test/e2e/start.spec.ts': 35,
  'test/conformance/broken.spec.ts': 35,
  'apps/ledger/archive/archive.spec.ts': 30,
  'test/e2e/webhooks.spec.ts': 25,
  'test/e2e/commands.spec.ts': 25,
  'test/alerts/rules.spec.ts': 20,
};
const otherSeconds = 8;

/** The longest file first, so that at the end no worker waits for another that has just begun a long one. */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const lasts = ({ path, duration, context }) => {
      const known = duration === undefined ? undefined : duration / 1_000;
      return known ?? seconds[relative(context.config.rootDir, path)] ?? otherSeconds;
    };
    // Of the others the largest first, as Jest would.
    return super.sort(tests).toSorted((one, two) => lasts(two) - lasts(one));
  }
};
