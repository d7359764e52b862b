/** What outside systems say of what a command had begun there, however it is learned: by asking, or by being called back. */
export * from './observation';
export * from './progress.log';
export * from './follow.terms';
export * from './followed.command';
export * from './followed.item';
export * from './following.subjects';
export * from './waiting.items';
