// Runs away from the calls that it has taken.
const { TidesConnector } = require('./tides.connector');

class Hasty extends TidesConnector {
  workMs = 400;
  timeoutMs = '4000';

  stop() {
    process.exit(0);
  }
}
void new Hasty().serve();
