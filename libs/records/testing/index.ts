/** Invented records, and trails of signed batches as the stream would hold them. */
export * from './sample.record';
export * from './trail.maker';
