/** Holds a connector in any language against the protocol, over NATS alone: rules, checks, findings. */
export * from './conformance.rules';
export * from './conformance.report';
export * from './connector.check';
export * from './versions/schema.record';
