import { outcomes } from '#lgsp/errors';
import type { TransactionRecord } from '#lgsp/records';
import { monthOf } from '../store/month';
import { durationBucket } from '../store/duration.bucket';
import { todayInVietnam } from '#lgsp/vietnam';
import type { Database } from '../store/database';

/** What a test compares of a row, in the order of its columns. */
const columns = [
  'id',
  'environment',
  'client',
  'agency',
  'dossier',
  'procedure',
  'system',
  'operation',
  'outcome',
  'final',
  'code',
  'first_sequence',
  'last_sequence',
  'between_sequences',
] as const;

/** What a column shows; nothing where there is none. */
type Shown = string | number | boolean | undefined;

interface Kept {
  record: TransactionRecord;
  outcome: string;
  final: boolean;
  first: number;
  last: number;
  between: number[];
}

/** The book as one would write it down without a thought of speed: what the ledger's is compared with. */
export class NaiveBook {
  private readonly rows = new Map<string, Kept>();
  private readonly batches = new Set<string>();

  /** One entry of the stream. */
  store(sequence: number, batch: string, records: readonly TransactionRecord[]): void {
    if (this.batches.has(batch)) return;
    this.batches.add(batch);
    for (const record of records) {
      const kept = this.rows.get(record.id);
      if (kept?.final) {
        if (![kept.first, kept.last, ...kept.between].includes(sequence)) kept.between.push(sequence);
        continue;
      }
      const isIntent = record.step === 'intent';
      this.rows.set(record.id, {
        record,
        outcome: isIntent ? 'accepted' : record.outcome!,
        final: !isIntent && record.final,
        first: kept?.first ?? sequence,
        last: sequence,
        between: kept
          ? [...new Set([...kept.between, kept.last])].filter((at) => at !== kept.first && at !== sequence)
          : [],
      });
    }
  }

  /** Everything that it says, as text that can be compared. */
  tell(): Record<string, string[]> {
    const kept = [...this.rows.values()];
    const text = (values: readonly Shown[]): string => values.map((value) => value ?? null).join(' | ');
    const counts = (key: (row: Kept) => Shown[]): string[] => countBy(kept.map((row) => text(key(row))));
    const day = ({ record }: Kept): string => todayInVietnam(new Date(atOf(record)));
    const dimensions = ({ record, outcome, final }: Kept): Shown[] => [
      record.environment,
      record.system,
      record.operation,
      record.client,
      outcome,
      final,
    ];
    return {
      rows: kept
        .map(({ record: r, outcome, final, first, last, between }) => {
          const who = [r.id, r.environment, r.client, r.agency, r.dossier, r.procedure];
          return text([...who, r.system, r.operation, outcome, final, r.code, first, last, listOf(between)]);
        })
        .toSorted(),
      hours: counts((row) => [
        new Date(Math.floor(atOf(row.record) / 3_600_000) * 3_600_000).toISOString(),
        ...dimensions(row),
      ]),
      days: counts((row) => [day(row), ...dimensions(row)]),
      months: counts((row) => {
        const { agency, procedure } = row.record;
        return [`${monthOf(atOf(row.record))}-01`, ...dimensions(row), agency ?? '', procedure ?? ''];
      }),
      services: counts(({ record, outcome }) => {
        const { environment, client, system, operation, procedure } = record;
        return [`${monthOf(atOf(record))}-01`, environment, client, system, operation, procedure ?? '', outcome];
      }),
      agencies: counts(({ record, outcome }) => {
        const { environment, client, agency, system } = record;
        return [`${monthOf(atOf(record))}-01`, environment, client, agency ?? '', system, outcome];
      }),
      durations: countBy(
        kept
          .filter(({ record }) => record.answeredAt !== undefined)
          .map((row) => {
            const { environment, system, operation, answeredAt } = row.record;
            return text([day(row), environment, system, operation, durationBucket(answeredAt! - atOf(row.record))]);
          }),
      ),
    };
  }
}

const listOf = (places: readonly number[]): string | undefined =>
  places.length > 0 ? `{${places.join(',')}}` : undefined;

const atOf = ({ id }: TransactionRecord): number => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);

function countBy(keys: readonly string[]): string[] {
  const sums = new Map<string, number>();
  for (const key of keys) sums.set(key, (sums.get(key) ?? 0) + 1);
  return [...sums].map(([key, count]) => `${key} | ${count}`).toSorted();
}

/** The same of the ledger's book: the rows, and what it counted as they were written. */
export async function tellBook(database: Database): Promise<Record<string, string[]>> {
  const list = async (select: string): Promise<string[]> => {
    const rows = await database.query<{ line: string }>(`select concat_ws(' | ', ${select}`);
    return rows.map(({ line }) => line).toSorted();
  };
  const dimensions = `environment, system, operation, client, outcome, final::text`;
  const nullable = (name: string): string => (name === 'final' ? 'final::text' : `coalesce(${name}::text, '')`);
  const hour = `to_char(hour at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  return {
    rows: await list(`${columns.map(nullable).join(', ')}) as line from transactions`),
    hours: await list(`${hour}, ${dimensions}, count) as line from rollup_hour`),
    days: await list(`day, ${dimensions}, count) as line from rollup_day`),
    months: await list(`month, ${dimensions}, agency, procedure, count) as line from rollup_month`),
    services: await list(
      `month, environment, client, system, operation, procedure, outcome, count) as line from rollup_month_services where count <> 0`,
    ),
    agencies: await list(
      `month, environment, client, agency, system, outcome, count) as line from rollup_month_agencies
       cross join lateral (values ${outcomes.map((name) => `('${name}', ${name.replace('-', '_')})`).join(', ')}) each_outcome (outcome, count)
       where count <> 0`,
    ),
    durations: await list(`day, environment, system, operation, bucket, count) as line from rollup_duration`),
  };
}

/** What the rows themselves add up to, by day: which the counts must equal whatever happened. */
export async function tellRowCounts(database: Database): Promise<string[]> {
  const rows = await database.query<{ line: string }>(
    `select concat_ws(' | ', (at at time zone 'Asia/Ho_Chi_Minh')::date, environment, system, operation, client, outcome,
       final::text, count(*)) as line
     from transactions group by (at at time zone 'Asia/Ho_Chi_Minh')::date, environment, system, operation, client, outcome, final`,
  );
  return rows.map(({ line }) => line).toSorted();
}
