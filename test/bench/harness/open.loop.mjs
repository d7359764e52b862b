/**
 * A load generator of its own process that asks by a timetable, whatever the server does: a request that could not be sent
 * in time because all connections wait for answers is late, and its latency counts from when it was due. A closed loop, as
 * `wrk` is one, asks less while the server stalls and so leaves out what the stall did to callers ("coordinated omission").
 *
 * `node open.loop.mjs` reads its timetable as JSON and prints one line of JSON.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { createHistogram } from 'node:perf_hooks';

/** How long it sleeps at a time, in milliseconds, unless it is told: Node's timers know only whole ones. */
const shortNapMs = 0.1;
/** How long after the last request was due an answer is waited for, in milliseconds. */
const graceMs = 10_000;
/** How long before the first request is due, so that all connections are open. */
const leadMs = 200;

/**
 * @typedef {object} Timetable
 * @property {string} url where the server is
 * @property {Record<string, string>} headers
 * @property {string} body
 * @property {readonly import('./wrk.load.mjs').Variant[]} variants sent in turn
 * @property {number} perSecond
 * @property {number} seconds
 * @property {number} connections most requests under way at once
 * @property {number} [napMs] how late it may look; where latency does not matter, a longer one leaves the processor to others
 */

class Connection {
  /** When the request under way was due, in milliseconds; undefined when there is none. @type {number | undefined} */
  due;
  #received = '';
  #socket;
  #ended = false;

  /** @param {URL} url @param {OpenLoop} loop */
  constructor({ hostname, port }, loop) {
    this.loop = loop;
    this.#socket = connect({ host: hostname, port: Number(port), noDelay: true });
    this.#socket.setEncoding('latin1');
    this.#socket.on('connect', () => loop.idle.push(this));
    this.#socket.on('data', (/** @type {string} */ text) => this.#take(text));
    this.#socket.on('error', () => undefined); // `close` follows, and counts it.
    this.#socket.on('close', () => {
      if (!this.#ended) loop.lost(this);
    });
  }

  /** @param {string} request @param {number} due */
  send(request, due) {
    this.due = due;
    this.#socket.write(request);
  }

  end() {
    this.#ended = true;
    this.#socket.destroy();
  }

  /** @param {string} text */
  #take(text) {
    this.#received = this.#received === '' ? text : this.#received + text;
    const headEnd = this.#received.indexOf('\r\n\r\n');
    if (headEnd < 0 || !isWhole(this.#received, headEnd + 4)) return;
    const status = Number(this.#received.slice(9, 12));
    const closes = /^connection: close$/im.test(this.#received.slice(0, headEnd));
    this.#received = '';
    // One that was opened and not used for ten seconds is told so (408) and closed: nothing was asked.
    if (this.due !== undefined) this.loop.answered(this, status, !closes);
  }
}

/** @param {string} text @param {number} bodyAt */
function isWhole(text, bodyAt) {
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, bodyAt));
  return length ? text.length >= bodyAt + Number(length[1]) : text.endsWith('0\r\n\r\n');
}

class OpenLoop {
  /** Connections without a request under way. @type {Connection[]} */
  idle = [];
  /** From when a request was due until it was answered, in microseconds. */
  latency = createHistogram({ figures: 4 });
  /** How late requests were sent although a connection was free: the generator's own fault. */
  lateness = createHistogram({ figures: 3 });
  errors = 0;
  /** How calls failed, by status; 0 are those that got no answer. @type {Record<string, number>} */
  failures = {};
  startAt = 0;
  #answered = 0;
  #sent = 0;
  /** @type {Set<Connection>} */
  #connections = new Set();

  /** @param {Timetable} timetable */
  constructor({ url, headers, body, variants, perSecond, seconds, connections, napMs = shortNapMs }) {
    this.napMs = napMs;
    this.url = new URL(url);
    this.count = Math.round(perSecond * seconds);
    this.gapMs = 1_000 / perSecond;
    this.seconds = seconds;
    this.body = body;
    const shared = { Host: this.url.host, ...headers, 'Content-Length': String(Buffer.byteLength(body)) };
    this.heads = variants.map(({ path, headers: own, newKey = false }) => {
      const lines = Object.entries({ ...shared, ...own }).map(([name, value]) => `${name}: ${value}\r\n`);
      return { text: `POST ${path} HTTP/1.1\r\n${lines.join('')}`, newKey };
    });
    for (let opened = 0; opened < connections; opened++) this.#open();
  }

  /** Sends all requests, each as soon as it is due and a connection is free. */
  async run() {
    const startAt = (this.startAt = performance.now() + leadMs);
    const giveUpAt = startAt + this.seconds * 1_000 + graceMs;
    const nap = new Int32Array(new SharedArrayBuffer(4));
    let freeSince = startAt;
    while (this.#answered < this.count && performance.now() < giveUpAt) {
      const now = performance.now();
      while (this.#sent < this.count && startAt + this.#sent * this.gapMs <= now) {
        const due = startAt + this.#sent * this.gapMs;
        const connection = this.idle.pop();
        if (!connection) {
          freeSince = Number.POSITIVE_INFINITY;
          break;
        }
        // What waited for a connection was kept by the server, not by us.
        if (due >= freeSince) this.lateness.record(microseconds(now - due));
        connection.send(this.#request(), due);
        this.#sent++;
      }
      if (freeSince === Number.POSITIVE_INFINITY && this.idle.length > 0) freeSince = now;
      Atomics.wait(nap, 0, 0, this.napMs);
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#close();
  }

  /** @param {Connection} connection @param {number} status @param {boolean} stays */
  answered(connection, status, stays) {
    this.#count(/** @type {number} */ (connection.due));
    connection.due = undefined;
    if (status !== 200) this.#fail(status);
    if (stays) this.idle.push(connection);
  }

  /** @param {Connection} connection that the server closed */
  lost(connection) {
    this.#connections.delete(connection);
    this.idle = this.idle.filter((other) => other !== connection);
    if (connection.due !== undefined) {
      this.#fail(0);
      this.#count(connection.due);
    }
    setTimeout(() => this.#open(), 10);
  }

  report() {
    const ms = (/** @type {number} */ share) => this.latency.percentile(share) / 1_000;
    return {
      requests: this.#answered,
      due: this.count,
      seconds: this.seconds,
      errors: this.errors,
      failures: this.failures,
      latencyMs: { p50: ms(50), p90: ms(90), p99: ms(99), p999: ms(99.9), max: this.latency.max / 1_000 },
      latenessMs: { p50: this.lateness.percentile(50) / 1_000, p99: this.lateness.percentile(99) / 1_000 },
    };
  }

  /** @param {number} due */
  #count(due) {
    this.#answered++;
    this.latency.record(microseconds(performance.now() - due));
  }

  /** @param {number} status */
  #fail(status) {
    this.errors++;
    this.failures[status] = (this.failures[status] ?? 0) + 1;
  }

  #request() {
    const { text, newKey } = this.heads[this.#sent % this.heads.length];
    const key = newKey ? `Idempotency-Key: ${run}-${this.#sent}\r\n` : '';
    return `${text}${key}\r\n${this.body}`;
  }

  #open() {
    this.#connections.add(new Connection(this.url, this));
  }

  /** What was never answered was still waited for: it counts, and is an error. */
  #close() {
    for (const connection of this.#connections) {
      if (connection.due !== undefined) {
        this.#fail(0);
        this.#count(connection.due);
      }
      connection.end();
    }
    for (; this.#sent < this.count; this.#sent++) {
      this.#fail(0);
      this.#count(this.startAt + this.#sent * this.gapMs);
    }
  }
}

/** Another run must not use the idempotency keys of this one. */
const run = randomBytes(6).toString('hex');

/** @param {number} milliseconds */
const microseconds = (milliseconds) => Math.max(1, Math.round(milliseconds * 1_000));

const loop = new OpenLoop(JSON.parse(readFileSync(process.stdin.fd, 'utf8')));
await loop.run();
process.stdout.write(`${JSON.stringify(loop.report())}\n`);
process.exit(0);
