/** What a process tells about itself: log lines with masking, and metrics from one table. */
export * from './sensitivity';
export * from './mask';
export * from './logger';
export * from './metric.row';
export * from './metric.table';
export * from './series';
export * from './metrics';
export * from './trace';
