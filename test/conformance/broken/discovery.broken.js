// Says its time in a way that nobody reads.
const { TidesConnector } = require('./tides.connector');

class Boastful extends TidesConnector {
  describe(operation) {
    return { ...super.describe(operation), timeoutMs: '10 seconds' };
  }
}
void new Boastful().serve();
