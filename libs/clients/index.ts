/** Registered callers: their record, their secrets, and the durable store that gateways watch and the command line changes. */
export * from './client.record';
export * from './client.secret';
export * from './client.store';
export * from './client.registry';
export * from './client.audit';
export * from './client.entry';
export * from './client.networks';
