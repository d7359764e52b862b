/** Commands that are sent later: what a job is, how it lies on the bus, and what can be asked of the courier. */
export * from './job';
export * from './job.seal';
export * from './job.state';
export * from './job.queue';
export * from './dead.letters';
export * from './held';
export * from './courier.subjects';
export * from './input.change';
