/** The hallway: the only importer of `nats`. Requests with absolute deadlines, the services protocol, durable stores. */
export * from './names';
export * from './bus.connection';
export * from './bus.client';
export type { HeaderPairs } from './wire.headers';
export * from './service.watcher';
export * from './service.probe';
export * from './key-value.store';
export * from './durable.log';
export * from './durable.queue';
export * from './queue.reader';
export * from './audit.log';
export * from './lease';
export * from './leased.work';
export * from './delivery.limits';
export * from './idle';
