/** Nest's transport over the bus. A folder of its own, so that who only calls loads nothing of Nest. */
export * from './bus.server';
