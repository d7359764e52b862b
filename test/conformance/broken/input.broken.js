// Lets a field pass that it does not know.
const { TidesConnector } = require('./tides.connector');

class Lenient extends TidesConnector {
  faultsOf(schema, input) {
    return super.faultsOf(schema, input).filter(({ rule }) => rule !== 'unknown-field');
  }
}
void new Lenient().serve();
