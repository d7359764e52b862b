import { jetstream, jetstreamManager, type JetStreamClient } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';

const streamBytesMax = 1_000_000_000;

/** One durable message per call, acknowledged before the call is answered. */
@Injectable()
export class AuditService implements OnModuleInit, OnModuleDestroy {
  private connection: NatsConnection;
  private stream: JetStreamClient;

  async onModuleInit(): Promise<void> {
    this.connection = await connect({ servers: process.env['NATS_URL'] as string });
    const manager = await jetstreamManager(this.connection);
    await manager.streams.add({ name: 'CALLS', subjects: ['calls.>'], max_bytes: streamBytesMax });
    this.stream = jetstream(this.connection);
  }

  async onModuleDestroy(): Promise<void> {
    await this.connection.drain();
  }

  async record(entry: { client: string; operation: string; durationMs: number }): Promise<void> {
    await this.stream.publish('calls.echo', JSON.stringify({ ...entry, at: new Date().toISOString() }));
  }
}
