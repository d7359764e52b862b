import { startOfDay } from '#lgsp/vietnam';
import type { OperationEntry } from '../catalogue/service.description';

/**
 * What callers of an operation that should not be used any more are told with every answer: since when (RFC 9745), until when
 * (RFC 8594), and where the version is that takes its place (RFC 5829).
 * @param versions in which it is offered, `v1`, the newest last
 */
export function deprecationHeaders(
  system: string,
  { operation, deprecatedSince, sunsetOn }: OperationEntry,
  version: string,
  versions: readonly string[],
): [name: string, value: string][] {
  if (deprecatedSince === undefined) return [];
  const newest = versions.at(-1) ?? version;
  const successor = newest === version ? [] : [`</${newest}/${system}/${operation}>; rel="successor-version"`];
  const links = ['</docs>; rel="deprecation"; type="text/html"', ...successor];
  return [
    ['deprecation', `@${startOfDay(deprecatedSince) / 1_000}`],
    ...(sunsetOn === undefined ? [] : [['sunset', new Date(startOfDay(sunsetOn)).toUTCString()] as [string, string]]),
    ['link', links.join(', ')],
  ];
}
