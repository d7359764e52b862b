// A connector in plain JavaScript: a NATS client and the services protocol, nothing of this repository.
const { connect, headers } = require('nats');

async function main() {
  const [, , name] = process.argv;
  const nats = await connect({ servers: process.env.NATS_URL });
  const facts = {};
  const service = await nats.services.add({
    name,
    version: '1.0.0',
    description: 'tells <b>it</b>',
    metadata: { owner: 'met office' },
    // What the protocol leaves to the connector: here, how its outside system fares.
    statsHandler: async () => facts,
  });
  const add = (operation, handler, metadata) =>
    service.addEndpoint(operation, {
      subject: `lgsp.${name}.v1.${operation}`,
      metadata,
      handler: (error, message) => error ?? handler(message),
    });
  add('get-forecast', (message) => message.respond(JSON.stringify({ echo: message.string() })));
  add('show-headers', (message) =>
    message.respond(JSON.stringify(Object.fromEntries([...message.headers].map(([key, [value]]) => [key, value])))),
  );
  add('hang', () => undefined);
  add('hang-command', () => undefined, { kind: 'command' });
  let alarms = 0;
  add('set-alarm', (message) => message.respond(JSON.stringify({ set: ++alarms > 0 })), { kind: 'command' });
  add('count-alarms', (message) => message.respond(JSON.stringify({ alarms })));
  add('set-circuit', (message) => message.respond(JSON.stringify(Object.assign(facts, message.json()))));
  add('need-officer', (message) => message.respond('{}'), { requires: 'officer, dossier' });
  const fail = (message, code, status, body) => {
    const answer = headers();
    answer.set('Nats-Service-Error-Code', String(status));
    answer.set('Nats-Service-Error', code);
    message.respond(JSON.stringify(body), { headers: answer });
  };
  add('refuse', (message) =>
    fail(message, 'upstream-rejected', 422, { upstream: { code: '106' }, retryAfterMs: 1_500 }),
  );
  add('invent', (message) => fail(message, message.json().code ?? 'something-new', 418, {}));
  service.addEndpoint('storm-warning-callback', {
    subject: `lgsp.${name}.v1.storm-warning.callback`,
    metadata: {
      kind: 'callback',
      summary: 'warns of a storm',
      scheme: 'a word that both know, in the header X-Word',
      headers: '["x-word"]',
      bodyBytesMax: '20000',
      example: '{"body":{"word":"invented"},"reply":{"heard":true}}',
    },
    handler: (error, message) => error ?? hear(message),
  });
  await nats.flush();
  process.send('ready');
}

/** Answers a callback as its body tells it to: what a connector may say, and what it may not. */
function hear(message) {
  if (message.headers.get('Http-x-word') !== 'storm') {
    const reply = { status: 401, contentType: 'text/plain', body: 'who are you?' };
    message.respond(JSON.stringify({ refused: 'forged', reply, observations: [] }));
    return;
  }
  const { answer, raw, silent } = message.json();
  if (silent) return;
  message.respond(raw ?? JSON.stringify(answer));
}

void main();
