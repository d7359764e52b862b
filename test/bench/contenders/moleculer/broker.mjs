export const brokerOptions = { namespace: 'bench', logger: false, transporter: process.env.NATS_URL };
