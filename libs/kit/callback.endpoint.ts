import { callbackSubject } from '#lgsp/bus';
import type { EndpointExtras } from '#lgsp/bus/server';
import type { Callback } from './callback';
import { kebabCase, majorVersion, type ConnectorDefinition } from './definition';

/** What the services protocol tells of a kind of callback: enough for the gateway to route, bound and document it. */
export function describeCallback(kind: string, version: string, callback: Callback): EndpointExtras {
  const { summary, scheme, alias, bodyBytesMax, timeoutMs, sensitivity, mediaTypes, headers, example } = callback;
  const metadata: Record<string, string> = {
    version,
    kind: 'callback',
    summary: summary.en,
    summaryVi: summary.vi,
    scheme: scheme.en,
    schemeVi: scheme.vi,
    bodyBytesMax: String(bodyBytesMax),
    timeoutMs: String(timeoutMs),
    sensitivity,
    example: JSON.stringify(example),
  };
  if (alias) metadata['alias'] = alias;
  if (mediaTypes) metadata['mediaTypes'] = JSON.stringify(mediaTypes);
  if (headers) metadata['headers'] = JSON.stringify(headers);
  return { endpointName: `${kebabCase(kind)}-callback`, metadata };
}

/** `lgsp.<system>.v<major>.<kind>.callback`. */
export function callbackSubjectOf({ name, version }: ConnectorDefinition, kind: string): string {
  return callbackSubject(name, majorVersion(version), kebabCase(kind));
}
