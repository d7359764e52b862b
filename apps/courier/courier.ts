import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { BusClient, BusConnection, DurableLog, Leases, openAudit } from '#lgsp/bus';
import { BusServer, type ServiceDescription } from '#lgsp/bus/server';
import { CallRecords, Commands, CommandTurns, Dispatcher } from '#lgsp/dispatch';
import { EventLog, openDeliveries, openSubscriptions } from '#lgsp/events';
import { DeadLetters, JobQueue, JobSeal } from '#lgsp/jobs';
import { PassThroughFilter, type RunningProcess } from '#lgsp/kit';
import { Recorder } from '#lgsp/recorder';
import { Metrics, type Logger } from '#lgsp/telemetry';
import type { CourierConfig } from './courier.config';
import { CourierMeters } from './courier.meters';
import { DeadController } from './dead/dead.controller';
import { DeadDesk } from './dead/dead.desk';
import { DeadReplays } from './dead/dead.replays';
import { Drains } from './drain/drains';
import { QueueSweeper } from './drain/queue.sweeper';
import { FollowingController } from './following/following.controller';
import { FollowingDesk } from './following/following.desk';
import { Followings } from './following/followings';
import { Cancelling } from './jobs/cancelling';
import { Jobs } from './jobs/jobs';
import { JobsController } from './jobs/jobs.controller';
import { JobEndings } from './send/job.endings';
import { JobRunner } from './send/job.runner';
import { AllowedTargets } from './webhooks/allowed.targets';
import { WebhookSender } from './webhooks/webhook.sender';
import { Webhooks } from './webhooks/webhooks';
import { WebhooksController } from './webhooks/webhooks.controller';

const description: ServiceDescription = {
  name: 'courier',
  version: '1.0.0',
  description: 'What happens after the answer: asynchronous commands, their dead letters, what is followed, and events',
  metadata: { owner: 'lgsp' },
};

/** Starts a courier in this process: for `main.ts`, and for tests. */
export async function startCourier(config: CourierConfig, log: Logger): Promise<RunningProcess> {
  const { drainMs, retryMs: firstMs, retryMsMax: mostMs } = config;
  const connection = await BusConnection.open({ ...config.bus, name: 'courier', log });
  const metrics = new Metrics();
  connection.measure(metrics);
  const seal = new JobSeal(config.jobKey, config.jobKeyBefore);
  const [queue, turns, commands, dead, events, recorder, audit, leases] = await Promise.all([
    JobQueue.open(connection, seal),
    CommandTurns.open(connection),
    Commands.open(connection),
    DeadLetters.open(connection),
    EventLog.open(connection),
    Recorder.open(connection, 'courier', log, metrics),
    openAudit(connection),
    Leases.open(connection, config.leaseMs),
  ]);
  const records = new CallRecords(recorder, undefined);
  const client = new BusClient(connection);
  const dispatcher = new Dispatcher(client, log);
  const endings = new JobEndings({ queue, events, dead, metrics });
  const desk = new DeadDesk(queue, dead);
  const { replaysPerSecond } = config;
  const backoff = { firstMs, mostMs };
  const runner = new JobRunner({ queue, turns, dispatcher, records, endings, backoff, log, metrics });
  const drains = await Drains.open(connection, { queue, runner, leases, config, log });
  const sweeper = new QueueSweeper(queue, leases.of('jobs-sweep'), log);
  const webhooks = await openWebhooks({ connection, config, events, leases, seal, log, metrics });
  const { states: jobs } = queue;
  const { holds } = drains;
  const followings = await Followings.open({ connection, client, events, jobs, holds, leases, config, log, metrics });
  const following = new FollowingDesk(followings);
  const meters = new CourierMeters({ drains, queue, dead, sweeper, webhooks, following, metrics, log });
  @Module({
    controllers: [JobsController, DeadController, WebhooksController, FollowingController],
    providers: [
      { provide: JobQueue, useValue: queue },
      { provide: Drains, useValue: drains },
      { provide: DurableLog, useValue: audit },
      { provide: Cancelling, useValue: new Cancelling({ queue, turns, records, endings, audit }) },
      { provide: Webhooks, useValue: webhooks },
      { provide: DeadDesk, useValue: desk },
      { provide: FollowingDesk, useValue: following },
      {
        provide: DeadReplays,
        useValue: new DeadReplays({ desk, queue, turns, commands, records, events, audit, replaysPerSecond }),
      },
      Jobs,
    ],
  })
  class CourierModule {}
  const app = await NestFactory.createMicroservice(CourierModule, {
    strategy: new BusServer(connection, description, log, drainMs),
    logger: false,
    abortOnError: false,
  });
  app.useGlobalFilters(new PassThroughFilter());
  await app.listen();
  await Promise.all([drains.start(), webhooks.start(), followings.start()]);
  meters.start();
  return {
    metrics,
    async stop() {
      meters.stop();
      await Promise.all([app.close(), drains.stop(drainMs), webhooks.stop(), followings.stop(), sweeper.stop()]);
      await recorder.stop();
      await connection.close();
    },
  };
}

interface WebhookMeans {
  connection: BusConnection;
  config: CourierConfig;
  events: EventLog;
  leases: Leases;
  seal: JobSeal;
  log: Logger;
  metrics: Metrics;
}

async function openWebhooks({ connection, config, leases, seal, ...parts }: WebhookMeans): Promise<Webhooks> {
  const { webhookNetworks, webhookRetryMs: firstMs, webhookRetryMsMax: mostMs, webhookGiveUpMs: giveUpMs } = config;
  const [subscriptions, deliveries] = await Promise.all([openSubscriptions(connection), openDeliveries(connection)]);
  const sender = new WebhookSender(new AllowedTargets(webhookNetworks), seal, config.webhookMs);
  return new Webhooks({ ...parts, subscriptions, deliveries, sender, backoff: { firstMs, mostMs }, giveUpMs }, leases);
}
