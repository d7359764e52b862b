import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BusClient, BusConnection, openAudit } from '#lgsp/bus';
import { ClientStore } from '#lgsp/clients';
import { CallRecords, Commands, Dispatcher } from '#lgsp/dispatch';
import { BusError, languageOf } from '#lgsp/errors';
import { EventLog, openDeliveries, openSubscriptions } from '#lgsp/events';
import { JobQueue, JobSeal } from '#lgsp/jobs';
import { Recorder } from '#lgsp/recorder';
import { ProgressLog } from '#lgsp/progress';
import { Metrics, type Logger } from '#lgsp/telemetry';
import { Admission } from './admission/admission';
import { ApiKeys } from './admission/api.keys';
import { CallerAddress } from './admission/caller.address';
import { Reader } from './admission/reader';
import { BookClient } from './book/book.client';
import { EvidenceKeys } from './book/evidence.keys';
import { JwksController } from './book/jwks.controller';
import { TransactionsController } from './book/transactions.controller';
import { CallbackDoor } from './callbacks/callback.door';
import { CallbacksRoute } from './callbacks/callbacks.route';
import { openSubmissions, Submissions } from './callbacks/submissions';
import { SubmissionsController } from './callbacks/submissions.controller';
import { Catalogue } from './catalogue/catalogue';
import { registerDocsPage } from './docs-page/docs.page';
import type { GatewayConfig } from './gateway.config';
import { EventReaders } from './events/event.readers';
import { EventReading } from './events/event.reading';
import { EventsController } from './events/events.controller';
import { HealthController } from './health/health.controller';
import { AcceptedJobs } from './jobs/accepted.jobs';
import { CancelController } from './jobs/cancel.controller';
import { ReadinessReader } from './health/readiness';
import { Inflight } from './limits/inflight';
import { LimitGate } from './limits/limit.gate';
import { LimitPolicy } from './limits/limit.policy';
import { QuotaMeters } from './limits/quota.meters';
import { OpenConnections } from './open.connections';
import { OpenApiController } from './openapi/openapi.controller';
import { asBusError, ProblemFilter } from './problems/problem.filter';
import { sendProblem, sendRawProblem } from './problems/problem.reply';
import { refuseProtocolErrors } from './problems/protocol.errors';
import { RouteMethods } from './problems/route.methods';
import { ReportReaders } from './reports/report.reader';
import { ReportWriter } from './reports/report.writer';
import { ReportsController } from './reports/reports.controller';
import { ServicesController } from './services/services.controller';
import { ReplayController } from './replay/replay.controller';
import { Replays } from './replay/replays';
import { Subscriptions } from './subscriptions/subscriptions';
import { SubscriptionsController } from './subscriptions/subscriptions.controller';
import { LastFailures } from './status/last.failures';
import { StatusBoard } from './status/status.board';
import { StatusController } from './status/status.controller';
import { AccessTokens, tokenSeconds } from './tokens/access.tokens';
import { OutsideIssuer } from './tokens/outside.issuer';
import { SigningKeys } from './tokens/signing.keys';
import { TokenController } from './tokens/token.controller';
import { LaterCommands } from './transactions/later.commands';
import { TransactionMetrics } from './transactions/transaction.metrics';
import { TransactionsRoute } from './transactions/transactions.route';

/** A key signs for a week, and is believed until the last of its tokens has expired. */
const keyLifetimes = { signMs: 7 * 86_400_000, verifyMs: 2 * tokenSeconds * 1_000 };
/** Largest form at the token endpoint, in bytes. */
const formBytesMax = 8_192;

/** A gateway that serves. */
export interface Gateway {
  url: string;
  metrics: Metrics;
  /** Every address that it answers at. */
  routes: RouteMethods;
  /** Takes no new calls, ends those under way, then leaves the bus. */
  stop(): Promise<void>;
}

/** Starts the gateway in this process: for `main.ts`, and for tests. */
export async function startGateway(config: GatewayConfig, log: Logger): Promise<Gateway> {
  const connection = await BusConnection.open({ ...config.bus, name: 'gateway', log });
  const metrics = new Metrics();
  connection.measure(metrics);
  const catalogue = new Catalogue(connection, log, metrics);
  const keys = new ApiKeys();
  const [signingKeys, evidenceKeys, commands, recorder, audit, events, subscriptions, deliveries] = await Promise.all([
    SigningKeys.open(connection, keyLifetimes, log),
    EvidenceKeys.open(connection, log),
    Commands.open(connection),
    Recorder.open(connection, 'gateway', log, metrics),
    openAudit(connection),
    EventLog.open(connection),
    openSubscriptions(connection),
    openDeliveries(connection),
    catalogue.start(),
    ClientStore.open(connection).then((store) => keys.start(store)),
  ]);
  const outside = outsideIssuer(config, log);
  const tokens = new AccessTokens(signingKeys, outside);

  const limits = limitGate(config, log, metrics);
  await limits.start();
  const addresses = new CallerAddress(config.trustedProxies);
  const admission = new Admission(keys, tokens, limits, addresses);

  const quotas = new QuotaMeters(limits, () => keys.registered, metrics, log);
  quotas.start();
  measureTokens(metrics, signingKeys, outside);

  const bus = new BusClient(connection);
  const book = new BookClient(bus);
  const adapter = new FastifyAdapter(serverOptions(config));
  const methods = new RouteMethods();
  methods.follow(adapter.getInstance());
  refuseProtocolErrors(adapter.getInstance());
  takeBodiesAsBytes(adapter, config);
  registerDocsPage(adapter.getInstance());
  const failures = new LastFailures();
  const sending = {
    catalogue,
    commands,
    records: new CallRecords(recorder, config.officerKey),
    dispatcher: new Dispatcher(bus, log, (system) => catalogue.isRunning(system)),
  };
  const readers = new EventReaders();
  const seal = config.jobKey ? new JobSeal(config.jobKey) : undefined;
  const jobs = seal && (await JobQueue.open(connection, seal));
  new TransactionsRoute({
    ...sending,
    later: jobs && new LaterCommands({ ...sending, jobs }),
    admission,
    inflight: new Inflight({ total: config.inflightMax, perSystem: config.systemInflightMax }),
    metrics: new TransactionMetrics(metrics),
    failures,
    log,
  }).register(adapter.getInstance());

  const clients = config.callbackClients;
  const submissions = new Submissions({ store: await openSubmissions(connection), events, audit, seal, clients });
  const { callbackNetworks: networks, callbacksPerSecond: perSecond, callbacksInFlightMax } = config;
  new CallbacksRoute({
    catalogue,
    door: new CallbackDoor({ networks, perSecond }, addresses),
    inflight: new Inflight({ total: callbacksInFlightMax, perSystem: callbacksInFlightMax }),
    bus,
    progress: await ProgressLog.open(connection),
    submissions,
    metrics,
    log,
  }).register(adapter.getInstance(), config.bodyBytesMax);

  @Module({
    controllers: [
      ServicesController,
      HealthController,
      StatusController,
      TokenController,
      JwksController,
      OpenApiController,
      TransactionsController,
      ReplayController,
      CancelController,
      EventsController,
      SubscriptionsController,
      ReportsController,
      SubmissionsController,
    ],
    providers: [
      { provide: BusConnection, useValue: connection },
      { provide: Catalogue, useValue: catalogue },
      { provide: ApiKeys, useValue: keys },
      { provide: Admission, useValue: admission },
      { provide: AccessTokens, useValue: tokens },
      { provide: SigningKeys, useValue: signingKeys },
      { provide: EvidenceKeys, useValue: evidenceKeys },
      { provide: BookClient, useValue: book },
      { provide: LimitGate, useValue: limits },
      { provide: Recorder, useValue: recorder },
      { provide: BusClient, useValue: bus },
      { provide: EventReading, useValue: new EventReading(events, log) },
      { provide: Subscriptions, useValue: new Subscriptions({ subscriptions, deliveries, events, seal, bus }) },
      { provide: EventReaders, useValue: readers },
      { provide: AcceptedJobs, useValue: new AcceptedJobs(bus, jobs) },
      { provide: Submissions, useValue: submissions },
      { provide: Metrics, useValue: metrics },
      { provide: LastFailures, useValue: failures },
      ReadinessReader,
      StatusBoard,
      { provide: Replays, useValue: new Replays({ ...sending, book, audit }) },
      Reader,
      ReportReaders,
      { provide: ReportWriter, useValue: new ReportWriter(catalogue, config.reportIssuer) },
    ],
  })
  class GatewayModule {}
  const app = await NestFactory.create<NestFastifyApplication>(GatewayModule, adapter, {
    logger: false,
    bodyParser: false,
  });
  app.useGlobalFilters(new ProblemFilter(log, methods));
  app.getHttpServer().maxConnections = config.connectionsMax;
  const connections = new OpenConnections(app.getHttpServer());
  await app.listen(config.httpPort, config.httpHost);
  return {
    url: (await app.getUrl()).replace('[::1]', '127.0.0.1'),
    metrics,
    routes: methods,
    async stop() {
      readers.stop();
      await connections.end(() => app.close(), config.drainMs);
      await recorder.stop();
      catalogue.stop();
      signingKeys.stop();
      quotas.stop();
      limits.stop();
      await connection.close();
    },
  };
}

/** The issuer beside ourselves, if one is configured. */
function outsideIssuer(config: GatewayConfig, log: Logger): OutsideIssuer | undefined {
  const { oidcIssuer: issuer, oidcAudience: audience, oidcJwksUrl: jwksUrl } = config;
  if (!issuer || !audience || !jwksUrl) return undefined;
  const { oidcClientClaim: clientClaim, oidcKeysMs: keysMs, oidcRefetchMs: refetchMs } = config;
  const outside = new OutsideIssuer({ issuer, audience, jwksUrl, clientClaim, keysMs, refetchMs }, log);
  outside.start();
  return outside;
}

/** Shows whether keys of tokens are there: our own in time, and those of the issuer beside us. */
function measureTokens(metrics: Metrics, keys: SigningKeys, outside: OutsideIssuer | undefined): void {
  const expiry = metrics.gauge('lgsp_signing_key_expiry_timestamp_seconds', {});
  metrics.onScrape(() => expiry.set(keys.signsUntil() / 1_000));
  if (!outside) return;
  const degraded = metrics.gauge('lgsp_token_issuer_degraded', {});
  metrics.onScrape(() => degraded.set(outside.degraded ? 1 : 0));
}

function limitGate(config: GatewayConfig, log: Logger, metrics: Metrics): LimitGate {
  const {
    clientPerSecond: perSecond,
    clientBurst: burst,
    systemsPerSecond: systems,
    localLimitShare: localShare,
  } = config;
  const policy = new LimitPolicy({ client: { perSecond, burst }, systems });
  return new LimitGate(policy, { ...config, localShare }, log, metrics);
}

function serverOptions(config: GatewayConfig) {
  const refuse = (thrown: unknown, request: FastifyRequest, reply: FastifyReply): void =>
    sendProblem(reply, asBusError(thrown), languageOf(request.headers['accept-language']));
  return {
    logger: false,
    bodyLimit: config.bodyBytesMax,
    requestTimeout: config.requestMs,
    keepAliveTimeout: config.keepAliveMs,
    forceCloseConnections: 'idle' as const,
    routerOptions: { maxParamLength: 200 },
    http: {
      maxHeaderSize: config.headerBytesMax,
      headersTimeout: Math.min(config.requestMs, 10_000),
      // Node's own half a minute would be added to either time.
      connectionsCheckingInterval: 1_000,
      requireHostHeader: false, // It is refused in the form of any error.
      // A second `Authorization` is not dropped in silence: joined, the two are no credentials at all.
      joinDuplicateHeaders: true,
    },
    clientErrorHandler: sendRawProblem,
    frameworkErrors: refuse,
  };
}

/** JSON comes in as the bytes that it is: what it means is the connector's affair. Forms are for the token endpoint only. */
function takeBodiesAsBytes(adapter: FastifyAdapter, { bodyBytesMax }: GatewayConfig): void {
  const app = adapter.getInstance();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: bodyBytesMax },
    (request, body, done) => {
      const encoding = request.headers['content-encoding'];
      if (encoding === undefined || encoding === 'identity') done(null, body);
      else done(new BusError('unsupported-media-type', { detail: encodedBody }));
    },
  );
  const form = 'application/x-www-form-urlencoded';
  app.addContentTypeParser(form, { parseAs: 'string', bodyLimit: formBytesMax }, (_request, body, done) => {
    done(null, new URLSearchParams(body as string));
  });
}

const encodedBody = { en: 'compressed bodies are not accepted', vi: 'không nhận nội dung nén' };
