// A connector that keeps every rule, in plain JavaScript. Each of its neighbours breaks one.
const { connect, headers } = require('nats');

const statusOf = {
  'malformed-json': 400,
  'invalid-request': 400,
  'idempotency-key-required': 400,
  'not-found': 404,
  'deadline-exceeded': 504,
};
const station = { type: 'string', pattern: '^[a-z-]{3,40}$' };
const object = (properties) => ({ type: 'object', properties, required: Object.keys(properties) });
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

class TidesConnector {
  /** How long a call takes, in milliseconds. */
  workMs = 20;
  /** How long it says that one may take. */
  timeoutMs = '10000';
  /** What commands were answered with, by key: an outside system would keep it. */
  receipts = new Map();
  underWay = 0;

  operations = {
    'get-tide': {
      metadata: { kind: 'query', summary: 'The high water of a station', summaryVi: 'Mực nước triều cường' },
      input: object({ station }),
      output: object({ station, highCm: { type: 'integer' } }),
      example: { input: { station: 'hon-dau' }, output: { station: 'hon-dau', highCm: 380 } },
      answer: ({ station }) => ({ station, highCm: 380 }),
    },
    'report-level': {
      metadata: { kind: 'command', summary: 'Hands in a level', summaryVi: 'Báo mực nước đo được' },
      input: object({ station, levelCm: { type: 'integer' } }),
      output: object({ receipt: { type: 'string' } }),
      example: { input: { station: 'hon-dau', levelCm: 212 }, output: { receipt: 'R-1' } },
      answer: (input, key) => this.report(input, key),
    },
  };

  report(_input, key) {
    if (!this.receipts.has(key)) this.receipts.set(key, { receipt: `R-${this.receipts.size + 1}` });
    return this.receipts.get(key);
  }

  describe({ metadata, input, output, example }) {
    const texts = { input: { ...input, additionalProperties: false }, output, example };
    const written = Object.entries(texts).map(([name, value]) => [name, JSON.stringify(value)]);
    return { ...metadata, sensitivity: 'public', timeoutMs: this.timeoutMs, ...Object.fromEntries(written) };
  }

  async serve() {
    const nats = await connect({ servers: process.env.LGSP_NATS_URL });
    const metadata = { owner: 'port authority', summary: 'Tides' };
    const about = { name: 'tides', version: '1.0.0', description: 'Tides', queue: 'tides', metadata };
    const service = await nats.services.add(about);
    const add = (name, subject, handle, described) =>
      service.addEndpoint(name, {
        subject,
        metadata: described,
        handler: (_error, message) => void this.take(message, handle),
      });
    for (const [name, operation] of Object.entries(this.operations)) {
      const subject = `lgsp.tides.v1.${name}`;
      add(name, subject, (message) => this.perform(operation, message), this.describe(operation));
      if (operation.metadata.kind === 'command')
        add(`${name}-outcome`, `${subject}.outcome`, (message) => this.outcome(message), { kind: 'query' });
    }
    const callback = {
      kind: 'callback',
      summary: 'A gauge tells of a flood',
      scheme: 'a word in the body that both know',
      example: JSON.stringify({ body: { station: 'hon-dau', word: 'invented' }, reply: { heard: true } }),
    };
    add('flood-callback', 'lgsp.tides.v1.flood.callback', (message) => this.hear(message), callback);
    process.once('SIGTERM', () => void this.stop(nats, service));
  }

  async take(message, handle) {
    this.underWay++;
    try {
      message.respond(JSON.stringify(await handle(message)));
    } catch (refusal) {
      if (!statusOf[refusal.code]) throw refusal;
      this.refuse(message, refusal);
    } finally {
      this.underWay--;
    }
  }

  async perform(operation, message) {
    await this.work(Number(header(message, 'Lgsp-Deadline')) || Infinity);
    const key = header(message, 'Lgsp-Idempotency-Key');
    if (operation.metadata.kind === 'command' && !key) throw { code: 'idempotency-key-required' };
    const input = this.read(message);
    const errors = this.faultsOf(operation.input, input);
    if (errors.length > 0) throw { code: 'invalid-request', errors };
    return operation.answer(input, key);
  }

  async work(deadline) {
    const leftMs = deadline - Date.now();
    await sleep(Math.max(0, Math.min(this.workMs, leftMs - 50)));
    if (leftMs < this.workMs) throw { code: 'deadline-exceeded' };
  }

  async outcome(message) {
    const receipt = this.receipts.get(header(message, 'Lgsp-Idempotency-Key'));
    if (!receipt) throw { code: 'not-found' };
    return receipt;
  }

  read(message) {
    try {
      return message.json();
    } catch {
      throw { code: 'malformed-json' };
    }
  }

  faultsOf({ properties }, input) {
    const fault = (name, rule) => ({ path: `/${name}`, rule, message: `breaks the rule ${rule}` });
    return [
      ...Object.keys(input).flatMap((name) => (properties[name] ? [] : [fault(name, 'unknown-field')])),
      ...Object.entries(properties).flatMap(([name, { type, pattern }]) => {
        const value = input[name];
        if (value === undefined) return [fault(name, 'required')];
        const isRight = type === 'integer' ? Number.isInteger(value) : typeof value === type;
        return isRight && (!pattern || new RegExp(pattern).test(value)) ? [] : [fault(name, 'type')];
      }),
    ];
  }

  hear(message) {
    const text = Buffer.from(message.data).toString('utf8');
    const reply = { status: 200, contentType: 'application/json', body: '{"heard":false}' };
    return { refused: text.includes('"word"') ? 'forged' : 'refused', reply, observations: [] };
  }

  refuse(message, { code, errors }) {
    const answer = headers();
    answer.set('Nats-Service-Error-Code', String(statusOf[code]));
    answer.set('Nats-Service-Error', code);
    message.respond(JSON.stringify({ code, errors }), { headers: answer });
  }

  async stop(nats, service) {
    await service.stop();
    while (this.underWay > 0) await sleep(5);
    await nats.drain();
  }
}

const header = (message, name) => message.headers?.get(name) || undefined;

module.exports = { TidesConnector, sleep };
if (require.main === module) void new TidesConnector().serve();
