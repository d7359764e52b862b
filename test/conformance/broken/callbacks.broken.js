// Believes whoever calls back.
const { TidesConnector } = require('./tides.connector');

class Trusting extends TidesConnector {
  hear(message) {
    const { refused, ...answer } = super.hear(message);
    return refused === 'forged' ? answer : { refused, ...answer };
  }
}
void new Trusting().serve();
