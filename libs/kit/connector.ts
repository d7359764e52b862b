import { Module, type INestMicroservice, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { BusConnection } from '#lgsp/bus';
import { BusServer } from '#lgsp/bus/server';
import { createLogger, Metrics, type Logger } from '#lgsp/telemetry';
import type { ConnectorConfig } from './connector.config';
import { callbackController } from './callback.controller';
import { connectorController } from './connector.controller';
import type { ConnectorDefinition } from './definition';
import { describeService } from './endpoint';
import { PassThroughFilter } from './pass.through.filter';
import { UpstreamRuntime } from './upstream/upstream.runtime';

export interface ConnectorParts<C extends ConnectorConfig = ConnectorConfig> {
  definition: ConnectorDefinition;
  /** The class with one method per operation; Nest injects its upstream client. */
  adapter: Type<object>;
  /** The upstream client, and whatever else the adapter is given. */
  providers?: Type<object>[];
  /** The configuration class. */
  config: new () => C;
}

export interface ConnectorOptions {
  config: ConnectorConfig;
  log?: Logger;
}

/** A connector that serves. */
export class RunningConnector {
  constructor(
    readonly metrics: Metrics,
    private readonly app: INestMicroservice,
    private readonly connection: BusConnection,
    private readonly runtime: UpstreamRuntime,
  ) {}

  /** Takes no new calls, ends those under way, then leaves the bus. */
  async stop(): Promise<void> {
    await this.app.close();
    await this.connection.close();
    await this.runtime.stop();
  }
}

/** Starts a connector in this process: for `runConnector`, and for tests. */
export async function startConnector(parts: ConnectorParts, options: ConnectorOptions): Promise<RunningConnector> {
  const { definition, adapter, providers = [] } = parts;
  const { config } = options;
  const { name } = definition;
  const log = options.log ?? createLogger({ app: name, level: config.logLevel });
  const metrics = new Metrics();
  const runtime = new UpstreamRuntime(name, config, log, metrics);
  const { drainMs } = config;
  const connection = await BusConnection.open({ ...config.bus, name, log });
  connection.measure(metrics);
  @Module({
    controllers: [connectorController(definition, adapter, runtime), callbackController(definition, adapter, runtime)],
    providers: [
      { provide: parts.config, useValue: config },
      { provide: UpstreamRuntime, useValue: runtime },
      { provide: BusConnection, useValue: connection },
      ...providers,
      adapter,
    ],
  })
  class ConnectorModule {}
  const app = await NestFactory.createMicroservice(ConnectorModule, {
    strategy: new BusServer(connection, describeService(definition), log, drainMs, () => ({
      circuit: runtime.circuit,
    })),
    logger: false,
    abortOnError: false,
  });
  app.useGlobalFilters(new PassThroughFilter());
  await app.listen();
  return new RunningConnector(metrics, app, connection, runtime);
}
