import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';

/** The data sources, by the ids that provisioning/datasources gives them. */
export const sources = {
  prometheus: { type: 'prometheus', uid: 'lgsp-prometheus' },
  /** PostgreSQL of the ledger, as a role that may read counts and nothing else (reader.sql). */
  book: { type: 'grafana-postgresql-datasource', uid: 'lgsp-book' },
} as const;

export interface Query {
  source: keyof typeof sources;
  /** PromQL, or SQL. */
  text: string;
  build(refId: string): Builder<Dataquery>;
}

/** A query of Prometheus over the time of the dashboard. @param legend of each series, with labels in braces */
export function overTime(text: string, legend: string): Query {
  return {
    source: 'prometheus',
    text,
    build: (refId) =>
      new DataqueryBuilder().datasource(sources.prometheus).refId(refId).expr(text).legendFormat(legend).range(),
  };
}

/** A query of Prometheus as it is now. @param legend as of `overTime`; a table has a column of its own for each label instead */
export function now(text: string, legend = ''): Query {
  return {
    source: 'prometheus',
    text,
    build: (refId) => {
      const query = new DataqueryBuilder().datasource(sources.prometheus).refId(refId).expr(text).instant();
      return legend === '' ? query.format('table' as never) : query.legendFormat(legend);
    },
  };
}

/** A query of the book: a table, or with columns `time`, `metric` and a figure a series of each metric. */
export function ofBook(text: string, format: 'table' | 'time_series' = 'table'): Query {
  return { source: 'book', text, build: (refId) => new SqlQueryBuilder({ refId, format, rawSql: text }) };
}

/** As Grafana's PostgreSQL source wants it; the SDK has no type of its own for it. */
interface SqlQuery extends Dataquery {
  refId: string;
  datasource: (typeof sources)['book'];
  format: 'table' | 'time_series';
  rawQuery: true;
  editorMode: 'code';
  rawSql: string;
}

class SqlQueryBuilder implements Builder<SqlQuery> {
  constructor(private readonly parts: Pick<SqlQuery, 'refId' | 'format' | 'rawSql'>) {}

  build(): SqlQuery {
    const mark = (): void => undefined;
    const fixed = { datasource: sources.book, rawQuery: true, editorMode: 'code' } as const;
    return { ...fixed, ...this.parts, _implementsDataqueryVariant: mark };
  }
}
