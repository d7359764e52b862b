/** The way of an admitted call to its connector and back: sent, written down, and commands once for each idempotency key. */
export * from './admitted.call';
export * from './call.answer';
export * from './call.record';
export * from './dispatcher';
export * from './command.call';
export * from './command.sender';
export * from './hand.over';
export * from './commands';
export * from './command.turns';
export * from './backoff';
export * from './holding.failure';
