// Looks at the deadline once, and then takes its time.
const { TidesConnector, sleep } = require('./tides.connector');

class Slow extends TidesConnector {
  async work(deadline) {
    await super.work(deadline);
    await sleep(1_500);
  }
}

const connector = new Slow();
delete connector.operations['report-level'];
void connector.serve();
