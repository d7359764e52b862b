import { createHmac } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { send } from './callback.sender';
import { Effects } from './effects';
import { FaultOrder, playFault, type Fault, type Reply } from './faults';
import type { Population } from './people/population';
import type { SandboxClock } from './sandbox.clock';

/** What a stand-in is given to work with. */
export interface StandInContext {
  /** Where it listens, known once it does: `http://127.0.0.1:4101`. */
  readonly baseUrl: string;
  readonly people: Population;
  readonly clock: SandboxClock;
  readonly effects: Effects;
  /** A secret of this sandbox for a name; the same after a restart with the same `LGSP_SANDBOX_SECRET`. */
  secret(name: string): string;
  /** Where what it tells by itself goes, each kind below it: `http://127.0.0.1:8080/v1/callbacks/land`; it tells nothing when left out. */
  readonly callbackUrl?: string;
  /** The fault that is ordered now: for `expired-token` and those of callbacks, which the stand-in plays itself. */
  fault(): Fault | undefined;
}

/** What its routes are given: the context, and the state that outlives the listener. */
export interface StatefulContext<S> extends StandInContext {
  readonly state: S;
}

/** Something that a citizen hands in at the outside system, and that it passes on. */
export interface HandedIn {
  reference: string;
  url: string;
  body(): object;
}

/** One outside system as it really speaks. */
export interface StandInDefinition<S = unknown> {
  system: string;
  /** Its own form of a fault, for the fault `fault-document`. */
  faultDocument: Reply;
  /** The media type of its answers, for the faults `garbage` and `drip`. */
  contentType: string;
  /** What its connector must be told to reach it: address and credentials. */
  env(context: StandInContext): Record<string, string>;
  /**
   * Its records and tokens: made once per stand-in, before it first listens. The fault `down` stops the listener and a later
   * one runs `routes` again, on the same state.
   */
  state?(context: StandInContext): S;
  /** What a citizen hands in there, for outside systems that pass such a thing on. @param url where to */
  citizen?(context: StandInContext, url: string): HandedIn;
  routes(app: FastifyInstance, context: StatefulContext<S>): void;
}

export interface StandInOptions {
  people: Population;
  clock: SandboxClock;
  /** From which all its credentials are derived. */
  secret: string;
  /** 0 takes a free one. */
  port?: number;
  callbackUrl?: string;
}

const bodyBytesMax = 32 * 1024 * 1024;

/** A stand-in that listens on loopback, with a port of its own so that `down` is a refused connection. */
export class StandIn {
  readonly effects = new Effects();
  /** Requests that came, and of those the ones whose caller hung up before the answer. */
  requests = 0;
  aborted = 0;
  /** What callers presented to be let in, without the words around it: tokens, keys, proofs. */
  readonly credentials = new Set<string>();
  private readonly order = new FaultOrder();
  private app?: FastifyInstance;
  private port: number;
  private readonly state: unknown;

  constructor(
    readonly definition: StandInDefinition,
    private readonly options: StandInOptions,
  ) {
    this.port = options.port ?? 0;
    this.state = definition.state?.(this.context());
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get env(): Record<string, string> {
    return this.definition.env(this.context());
  }

  get fault(): Fault | undefined {
    return this.order.current;
  }

  async start(): Promise<this> {
    this.app = this.build();
    await this.app.listen({ host: '127.0.0.1', port: this.port });
    this.port = (this.app.server.address() as AddressInfo).port;
    return this;
  }

  async stop(): Promise<void> {
    this.app?.server.closeAllConnections();
    await this.app?.close();
    this.app = undefined;
  }

  /** Orders a fault, or takes it back with `undefined`. */
  async setFault(fault: Fault | undefined): Promise<void> {
    this.order.set(fault);
    if (fault?.kind === 'down') await this.stop();
    else if (!this.app) await this.start();
  }

  /**
   * Has a citizen hand something in, and says how the receiver answered what was passed on; undefined where nothing is passed
   * on from here, or nowhere.
   */
  async handIn(): Promise<{ reference: string; status: number; answer: string } | undefined> {
    const { callbackUrl } = this.options;
    const handed = callbackUrl === undefined ? undefined : this.definition.citizen?.(this.context(), callbackUrl);
    if (!handed) return undefined;
    const response = await send(handed, this.fault?.kind === 'forged-callbacks');
    return { reference: handed.reference, status: response.status, answer: await response.text() };
  }

  private context(): StatefulContext<unknown> {
    const { people, clock, secret, callbackUrl } = this.options;
    const { order, effects, definition, state } = this;
    const baseUrl = (): string => this.baseUrl;
    return {
      get baseUrl() {
        return baseUrl();
      },
      people,
      clock,
      effects,
      callbackUrl,
      secret: (name) =>
        createHmac('sha256', secret).update(`${definition.system}/${name}`).digest('base64url').slice(0, 32),
      fault: () => order.current,
      state,
    };
  }

  private build(): FastifyInstance {
    const app = fastify({ logger: false, bodyLimit: bodyBytesMax, forceCloseConnections: true });
    // Bodies arrive as text, whatever their type: each outside system reads its own format.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    app.addHook('onRequest', async (request, reply) => {
      this.requests++;
      this.note(credentialHeaders.map((name) => String(request.headers[name] ?? '').replace(/^\w+ /, '')));
      reply.raw.once('close', () => {
        if (!reply.raw.writableFinished) this.aborted++;
      });
      const fault = this.order.meet(request.url);
      if (!fault) return;
      if (fault.kind === 'lost-reply') loseReply(reply.raw);
      else if (await playFault(fault, this.definition, request.raw, reply.raw)) reply.hijack();
    });
    app.addHook('preHandler', async ({ body }) => {
      const text = typeof body === 'string' ? body : '';
      this.note([...text.matchAll(credentialFields)].map(([, value]) => value!));
    });
    this.definition.routes(app, this.context());
    return app;
  }

  private note(credentials: readonly string[]): void {
    for (const credential of credentials)
      if (credential !== '' && this.credentials.size < credentialsMax) this.credentials.add(credential);
  }
}

/** Where outside systems want to be shown who calls: in these headers, or in these members of a body. */
const credentialHeaders = ['authorization', 'lgspaccesstoken', 'apikey'];
const credentialFields = /"(?:MaXacThuc|SecurityCode|session|authKey|password|client_secret)"\s*:\s*"([^"]+)"/g;
const credentialsMax = 10_000;

/** Lets the handler act, and cuts the connection when it wants to answer. */
function loseReply(response: { end: unknown; destroy(): unknown }): void {
  response.end = () => response.destroy();
}

/** Ties the type of the state to the routes that are given it. */
export const defineStandIn = <S = undefined>(definition: StandInDefinition<S>): StandInDefinition => definition;
