/**
 * What a connector is made of. Its definition is data; validation, deadlines, retries, breaker, metrics, documentation and
 * contract tests hang on it.
 */
export * from './definition';
export * from './adapter';
export * from './call';
export * from './callback';
export * from './connector.config';
export * from './connector';
export * from './run.connector';
export * from './run.process';
export * from './pass.through.filter';
export * from './json.schema';
export * from './topic';
export { readInput, validateMessage } from './input.reader';
export { ruleMessage } from './rule.messages';
export { describeEndpoint, feedSubjectOf, subjectOf } from './endpoint';
export { callbackSubjectOf, describeCallback } from './callback.endpoint';
export * from './upstream/upstream.runtime';
export * from './upstream/upstream.failure';
export * from './upstream/named.fields';
export * from './upstream/refusal';
export * from './upstream/json.reading';
export * from './upstream/http.upstream';
export * from './upstream/rest.upstream';
export * from './upstream/soap.upstream';
export * from './upstream/token.cache';
export * from './upstream/oauth.grant';
export * from './upstream/client.credentials';
export * from './upstream/command.reference';
export * from './upstream/partner.access';
export * from './upstream/password.grant';
export * from './upstream/spelling';
export * from './upstream/xml';
