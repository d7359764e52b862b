import { ServiceBroker } from 'moleculer';
import { brokerOptions } from './broker.mjs';

const broker = new ServiceBroker({ ...brokerOptions, nodeID: 'responder' });
broker.createService({ name: 'echo', actions: { say: (context) => context.params } });
await broker.start();
process.once('disconnect', () => process.exit(0));
