import { once } from 'node:events';
import { createServer } from 'node:net';
import { JsonSchemaValidator } from './json-schema.validator.mjs';

export const brokerOptions = {
  namespace: 'bench-duties',
  logger: false,
  transporter: process.env.NATS_URL,
  validator: new JsonSchemaValidator(),
  metrics: {
    enabled: true,
    reporter: [{ type: 'Prometheus', options: { host: '127.0.0.1', port: await freePort() } }],
  },
};

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  return port;
}
