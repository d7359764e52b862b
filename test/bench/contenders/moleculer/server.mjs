/** The gateway node. The echo is a service of the framework's own protocol, so it runs in a node of its own. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { ServiceBroker } from 'moleculer';
import ApiService from 'moleculer-web';
import { brokerOptions } from './broker.mjs';

const responder = fork(join(import.meta.dirname, 'responder.mjs'));
const broker = new ServiceBroker({ ...brokerOptions, nodeID: 'gateway' });
broker.createService({
  name: 'api',
  mixins: [ApiService],
  settings: {
    port: 0,
    ip: '127.0.0.1',
    routes: [{ path: '/', aliases: { 'POST /': 'echo.say' }, bodyParsers: { json: true } }],
  },
});
await broker.start();
await broker.waitForServices('echo', 10_000);

const { port } = broker.getLocalService('api').server.address();
process.send({ ready: true, url: `http://127.0.0.1:${port}/`, processes: { responder: [responder.pid] } });
process.once('disconnect', () => process.exit(0));
