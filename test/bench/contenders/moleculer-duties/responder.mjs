import { ServiceBroker } from 'moleculer';
import { brokerOptions } from './broker.mjs';

const citizen = {
  type: 'object',
  required: ['identityNumber', 'fullName', 'birthDate'],
  additionalProperties: false,
  properties: {
    identityNumber: { type: 'string', pattern: '^[0-9]{12}$' },
    fullName: { type: 'string', minLength: 1, maxLength: 200 },
    birthDate: { type: 'string', pattern: '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$' },
    documents: { type: 'array' },
  },
};

const broker = new ServiceBroker({ ...brokerOptions, nodeID: 'responder' });
broker.createService({
  name: 'echo',
  actions: { say: { inputSchema: citizen, handler: (context) => context.params } },
});
await broker.start();
process.once('disconnect', () => process.exit(0));
