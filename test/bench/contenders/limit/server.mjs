import { createServer } from 'node:http';
import { connect } from 'nats';

const nats = await connect({ servers: process.env.NATS_URL, noAsyncTraces: true });
const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    nats.request('lgsp.echo.v1.say', chunks.length === 1 ? chunks[0] : Buffer.concat(chunks), { timeout: 10_000 }).then(
      ({ data }) =>
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': data.length }).end(data),
      () => response.writeHead(503).end(),
    );
  });
});
server.listen(0, '127.0.0.1', () => process.send({ ready: true, url: `http://127.0.0.1:${server.address().port}/` }));
process.once('disconnect', () => process.exit(0));
