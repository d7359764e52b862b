/** Linked procedures: what operators see of one, and what they ask. */
export * from './procedure.view';
export * from './procedures.subjects';
