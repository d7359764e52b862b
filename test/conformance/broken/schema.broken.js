// Answers with a text where its schema says a number.
const { TidesConnector } = require('./tides.connector');

const connector = new TidesConnector();
connector.operations['get-tide'].answer = ({ station }) => ({ station, highCm: '380 cm' });
void connector.serve();
