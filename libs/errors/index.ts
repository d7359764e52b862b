/** The one table of failures and their two forms: thrown (`BusError`) and told (`Problem`). Imports nothing of ours. */
export * from './error.table';
export * from './bus.error';
export * from './problem';
