import {
  Injectable,
  Module,
  type INestMicroservice,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { BusConnection } from '#lgsp/bus';
import { BusServer, type ServiceDescription } from '#lgsp/bus/server';
import { PassThroughFilter, UpstreamRuntime } from '#lgsp/kit';
import { LinkedProceduresConfig } from '../linked-procedures.config';
import { ProceduresController } from './procedures.controller';
import { ProceduresDesk } from './procedures.desk';

const description: ServiceDescription = {
  name: 'procedures',
  version: '1.0.0',
  description: 'Linked procedures, as operators deal with them',
  metadata: { owner: 'lgsp' },
};

/** What operators ask, as a service beside the connector: a connector answers its operations and nothing else. */
@Injectable()
export class OperatorsService implements OnApplicationBootstrap, OnModuleDestroy {
  private app?: INestMicroservice;

  constructor(
    private readonly desk: ProceduresDesk,
    private readonly connection: BusConnection,
    private readonly runtime: UpstreamRuntime,
    private readonly config: LinkedProceduresConfig,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { desk, connection, runtime, config } = this;
    @Module({
      controllers: [ProceduresController],
      providers: [{ provide: ProceduresDesk, useValue: desk }],
    })
    class OperatorsModule {}
    this.app = await NestFactory.createMicroservice(OperatorsModule, {
      strategy: new BusServer(connection, description, runtime.log, config.drainMs),
      logger: false,
      abortOnError: false,
    });
    this.app.useGlobalFilters(new PassThroughFilter());
    await this.app.listen();
  }

  async onModuleDestroy(): Promise<void> {
    await this.app?.close();
  }
}
