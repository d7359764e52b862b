/** One class per process, read from the environment once, every fault listed at once, frozen. */
export * from './env.decorator';
export * from './map.decorator';
export * from './load.config';
export * from './process.config';
