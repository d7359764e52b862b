// Acts again when a command is sent again, under the same key.
const { TidesConnector } = require('./tides.connector');

class Forgetful extends TidesConnector {
  reports = 0;

  report(_input, key) {
    this.receipts.set(key, { receipt: `R-${++this.reports}` });
    return this.receipts.get(key);
  }
}
void new Forgetful().serve();
