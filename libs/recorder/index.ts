/** Makes transaction records durable on the bus, signed and chained, many at once. */
export * from './recorder';
export * from './recorder.identity';
export * from './command.store';
