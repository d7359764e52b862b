/** What is written down of every transaction, and how it is proven: records, batches, the Merkle tree. */
export * from './transaction.record';
export * from './merkle';
export * from './record.batch';
