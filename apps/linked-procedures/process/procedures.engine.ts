import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { BusClient, BusConnection, DurableLog, Leases, openAudit } from '#lgsp/bus';
import { ClientStore } from '#lgsp/clients';
import { CallRecords, Commands, Dispatcher } from '#lgsp/dispatch';
import { EventLog } from '#lgsp/events';
import { JobSeal } from '#lgsp/jobs';
import { UpstreamRuntime } from '#lgsp/kit';
import { Recorder } from '#lgsp/recorder';
import { LinkedProceduresConfig } from '../linked-procedures.config';
import { birthWithCard } from '../plan/birth-with-card.plan';
import { ProcedureMeters } from './procedure.meters';
import { ProcedureRunner } from './procedure.runner';
import { ProcedureStore } from './procedure.store';
import { StepOperations } from './step.operations';
import { StepSender } from './step.sender';
import { StepWork } from './step.work';

/** What runs the procedures of this process: put together when it starts. */
@Injectable()
export class ProceduresEngine implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  readonly plan = birthWithCard;
  store!: ProcedureStore;
  operations!: StepOperations;
  clients!: ClientStore;
  audit!: DurableLog;
  runner!: ProcedureRunner;
  private recorder!: Recorder;
  private meters!: ProcedureMeters;

  constructor(
    readonly config: LinkedProceduresConfig,
    private readonly connection: BusConnection,
    private readonly runtime: UpstreamRuntime,
  ) {}

  async onModuleInit(): Promise<void> {
    const { connection, config, plan } = this;
    const { log, metrics } = this.runtime;
    const bus = new BusClient(connection);
    const seal = new JobSeal(config.jobKey, config.jobKeyBefore);
    const [store, clients, audit, commands, events, leases] = await Promise.all([
      ProcedureStore.open(connection, seal),
      ClientStore.open(connection),
      openAudit(connection),
      Commands.open(connection),
      EventLog.open(connection),
      Leases.open(connection, config.leaseMs),
    ]);
    this.recorder = await Recorder.open(connection, 'linked-procedures', log, metrics);
    this.store = store;
    this.clients = clients;
    this.audit = audit;
    this.operations = new StepOperations(bus);
    const records = new CallRecords(this.recorder, undefined);
    const dispatcher = new Dispatcher(bus, log);
    const { callMs, stepAttemptsMax: attemptsMax, stepAgeMaxMs, stepsMax } = config;
    const sender = new StepSender({ bus, operations: this.operations, commands, dispatcher, records, callMs });
    this.runner = new ProcedureRunner({
      store,
      work: new StepWork(store, sender, plan, callMs),
      plan,
      rules: {
        retry: { firstMs: config.stepRetryMs, mostMs: config.stepRetryMsMax },
        ask: { firstMs: config.askMs, mostMs: config.askMsMax },
        attemptsMax,
        stepAgeMaxMs,
      },
      lease: leases.of('linked-procedures'),
      events,
      stepsMax,
      log,
      metrics,
    });
    this.meters = new ProcedureMeters(this.runner, plan, metrics);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.runner.start();
    this.meters.start();
  }

  async onModuleDestroy(): Promise<void> {
    this.meters.stop();
    await this.runner.stop();
    await this.recorder.stop();
  }
}
