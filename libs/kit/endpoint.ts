import { parseOperationSubject, operationSubject } from '#lgsp/bus';
import type { EndpointExtras, ServiceDescription } from '#lgsp/bus/server';
import {
  kebabCase,
  majorVersion,
  operationName,
  type Command,
  type ConnectorDefinition,
  type Feed,
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

function describeCommand({ idempotency, delivery = {}, follow }: Command): Record<string, string> {
  const { always, attemptsMax, ageMaxMs } = delivery;
  return {
    idempotency,
    ...(always ? { delivery: 'async' } : {}),
    ...(attemptsMax === undefined ? {} : { attemptsMax: String(attemptsMax) }),
    ...(ageMaxMs === undefined ? {} : { ageMaxMs: String(ageMaxMs) }),
    ...(follow ? { follow: JSON.stringify(follow) } : {}),
  };
}

/** What it tells of where a connector answers how commands of an operation fare. */
export function describeProgress(verb: string, { timeoutMs }: Operation): EndpointExtras {
  const summary = 'Where what these commands have begun stands';
  return {
    endpointName: `${kebabCase(verb)}-progress`,
    metadata: { kind: 'query', summary, timeoutMs: String(timeoutMs) },
  };
}

/** And of a list of changes: of where it is read, and of where it is acknowledged. */
export function describeFeed(name: string, { summary, timeoutMs, everyMs, pageMax }: Feed) {
  const [endpointName, own] = [kebabCase(name), { timeoutMs: String(timeoutMs) }];
  const feed = JSON.stringify({ everyMs, pageMax });
  return {
    read: {
      endpointName: `${endpointName}-feed`,
      metadata: { kind: 'query', summary: summary.en, summaryVi: summary.vi, feed, ...own },
    },
    acknowledge: {
      endpointName: `${endpointName}-acknowledge`,
      metadata: {
        kind: 'command',
        summary: 'The changes of these tokens are durable, and need not be listed again',
        ...own,
      },
    },
  } satisfies Record<string, EndpointExtras>;
}

/** `lgsp.<system>.v<major>.<list>`: beside it a list of changes is read and acknowledged. */
export const feedSubjectOf = ({ name: system, version }: ConnectorDefinition, name: string): string =>
  operationSubject(system, majorVersion(version), kebabCase(name));

/** `lgsp.<system>.v<major>.<operation>`. */
export function subjectOf(definition: ConnectorDefinition, verb: string): string {
  const version = definition.operations[verb]!.version ?? definition.version;
  const subject = operationSubject(definition.name, majorVersion(version), operationName(verb));
  if (!parseOperationSubject(subject)) throw new Error(`"${subject}" is not an operation's subject`);
  return subject;
}
