import { parseOperationSubject, operationSubject } from '#lgsp/bus';
import type { EndpointExtras, ServiceDescription } from '#lgsp/bus/server';
import {
  kebabCase,
  majorVersion,
  operationName,
  type Command,
  type ConnectorDefinition,
  type Operation,
} from './definition';
import { jsonSchemaOf } from './json.schema';

/** What the services protocol tells of the connector as a whole (docs/protocol.md). */
export function describeService({ name, version, owner, summary }: ConnectorDefinition): ServiceDescription {
  return {
    name,
    version,
    description: summary.en,
    metadata: { owner, summary: summary.en, summaryVi: summary.vi },
  };
}

/** What it tells of one operation: enough for the gateway to route, document and limit it. Values are text. */
export function describeEndpoint(verb: string, version: string, operation: Operation): EndpointExtras {
  const { kind, summary, requires = [], timeoutMs, sensitivity, example, deprecatedSince, sunsetOn } = operation;
  const metadata: Record<string, string> = {
    version: operation.version ?? version,
    kind,
    summary: summary.en,
    summaryVi: summary.vi,
    requires: JSON.stringify(requires),
    timeoutMs: String(timeoutMs),
    sensitivity,
    input: JSON.stringify(jsonSchemaOf(operation.input, { closed: true })),
    output: JSON.stringify(jsonSchemaOf(operation.output)),
    example: JSON.stringify({ input: example.input, output: example.output }),
  };
  if (operation.kind === 'command') Object.assign(metadata, describeCommand(operation));
  if (deprecatedSince) metadata['deprecatedSince'] = deprecatedSince;
  if (sunsetOn) metadata['sunsetOn'] = sunsetOn;
  return { endpointName: kebabCase(verb), metadata };
}

function describeCommand({ idempotency, delivery = {} }: Command): Record<string, string> {
  const { always, attemptsMax, ageMaxMs } = delivery;
  return {
    idempotency,
    ...(always ? { delivery: 'async' } : {}),
    ...(attemptsMax === undefined ? {} : { attemptsMax: String(attemptsMax) }),
    ...(ageMaxMs === undefined ? {} : { ageMaxMs: String(ageMaxMs) }),
  };
}

/** `lgsp.<system>.v<major>.<operation>`. */
export function subjectOf(definition: ConnectorDefinition, verb: string): string {
  const version = definition.operations[verb]!.version ?? definition.version;
  const subject = operationSubject(definition.name, majorVersion(version), operationName(verb));
  if (!parseOperationSubject(subject)) throw new Error(`"${subject}" is not an operation's subject`);
  return subject;
}
