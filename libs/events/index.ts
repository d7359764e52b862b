/** What happened after the answer: the envelope of an event, the table of types, and the stream they lie in. */
export * from './event.data';
export * from './event.table';
export * from './event';
export * from './event.log';
export * from './event.view';
export * from './subscription';
