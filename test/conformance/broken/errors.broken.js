// Says in the body only that it refuses: for whoever reads the headers, that is success.
const { TidesConnector } = require('./tides.connector');

class Mumbling extends TidesConnector {
  refuse(message, { code, errors }) {
    message.respond(JSON.stringify({ code, errors }));
  }
}
void new Mumbling().serve();
