import { BusError, type FieldError, type Language } from '#lgsp/errors';
import { ruleMessage } from '#lgsp/kit';
import type { Environment, ReportRequest } from '#lgsp/records';

export const reportFormats = ['json', 'csv', 'xlsx', 'html'] as const;
export type ReportFormat = (typeof reportFormats)[number];

export interface AskedReport {
  format: ReportFormat;
  /** As it was asked for: what it must be is the ledger's to say. */
  request: ReportRequest;
  environment?: Environment;
}

const parameters = new Set(['from', 'to', 'groupBy', 'compare', 'environment', 'format']);

/**
 * Reads the query of an address: `?from=2022-01-01&to=2022-06-30&groupBy=system,month&compare=previous-year&format=csv`.
 * @throws BusError `invalid-request` naming every parameter that is unknown, given twice, or of no known format
 */
export function readReportQuery(query: Record<string, unknown>, language: Language): AskedReport {
  const faults: FieldError[] = [];
  const refuse = (name: string, rule: string, values?: readonly string[]): undefined =>
    void faults.push({ path: `/${name}`, rule, message: ruleMessage(rule, values && [values])[language] });
  for (const [name, value] of Object.entries(query)) {
    if (!parameters.has(name)) refuse(name.slice(0, 100), 'unknown-field');
    else if (typeof value !== 'string' && name !== 'groupBy') refuse(name, 'given-once');
  }
  const format = (query['format'] ?? 'json') as ReportFormat;
  if (typeof format === 'string' && !reportFormats.includes(format)) refuse('format', 'is-in', reportFormats);
  if (faults.length > 0) throw new BusError('invalid-request', { errors: faults });
  const { from, to, compare, environment } = query as Record<string, string | undefined>;
  const groupBy = ([query['groupBy'] ?? []].flat() as string[]).flatMap((groups) => groups.split(',').filter(Boolean));
  const request = { from, to, compare, groupBy } as ReportRequest;
  return { format, request, environment: environment as Environment | undefined };
}
