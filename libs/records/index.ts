/** What is written down of every transaction, and how it is proven: records, batches, the Merkle tree; the book's names. */
export * from './transaction.record';
export * from './merkle';
export * from './record.batch';
export * from './book';
export * from './transaction.id';
export * from './evidence.key';
export * from './finding';
export * from './seal';
export * from './seal.check';
export * from './trail.check';
export * from './receipt';
export * from './receipt.check';
export * from './evidence.lines';
export * from './command.record';
export * from './evidence.questions';
export * from './evidence.export';
export * from './report';
