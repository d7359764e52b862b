import { keepsSalt } from '#lgsp/records';
import { arraysOf, unnest, type Column } from '../store/sql.arrays';
import type { RowChange } from './row.change';

/**
 * The statements that write rows. What many transactions have in common (system, operation, client, outcome, …) travels once,
 * as a shape, and each row names its shape: half of the values of a row need not be written, sent and read for each.
 */

const shapeColumns: readonly Column<RowChange>[] = [
  { name: 'shape', type: 'integer', of: ({ shape }) => shape },
  { name: 'environment', type: 'text', of: ({ record }) => record.environment },
  { name: 'client', type: 'text', of: ({ record }) => record.client },
  { name: 'agency', type: 'text', of: ({ record }) => record.agency },
  { name: 'procedure', type: 'text', of: ({ record }) => record.procedure },
  { name: 'system', type: 'text', of: ({ record }) => record.system },
  { name: 'operation', type: 'text', of: ({ record }) => record.operation },
  { name: 'version', type: 'text', of: ({ record }) => record.version },
  { name: 'kind', type: 'text', of: ({ record }) => record.kind },
  { name: 'mode', type: 'text', of: ({ record }) => record.mode },
  { name: 'outcome', type: 'text', of: ({ outcome }) => outcome },
  { name: 'final', type: 'boolean', of: ({ final }) => final },
  { name: 'code', type: 'text', of: ({ record }) => record.code },
  { name: 'recorder', type: 'text', of: ({ recorder }) => recorder },
];

/** Times travel as epoch milliseconds. */
const times: readonly Column<RowChange>[] = [
  { name: 'at', type: 'bigint', of: ({ at }) => at },
  { name: 'deadline', type: 'bigint', of: ({ record }) => record.deadline },
  { name: 'sent_at', type: 'bigint', of: ({ record }) => record.sentAt },
  { name: 'returned_at', type: 'bigint', of: ({ record }) => record.returnedAt },
  { name: 'answered_at', type: 'bigint', of: ({ record }) => record.answeredAt },
];

const ownColumns: readonly Column<RowChange>[] = [
  { name: 'id', type: 'uuid', of: ({ id }) => id },
  { name: 'officer', type: 'text', of: ({ record }) => record.officer },
  { name: 'dossier', type: 'text', of: ({ record }) => record.dossier },
  { name: 'linked_dossier', type: 'text', of: ({ record }) => record.linkedDossier },
  { name: 'idempotency', type: 'text', of: ({ record }) => record.idempotency },
  { name: 'upstream_ms', type: 'integer', of: ({ record }) => record.upstreamMs },
  { name: 'attempts', type: 'integer', of: ({ record }) => record.attempts },
  { name: 'request_bytes', type: 'integer', of: ({ record }) => record.requestBytes },
  { name: 'answer_bytes', type: 'integer', of: ({ record }) => record.answerBytes },
  { name: 'salt', type: 'text', of: (row) => (keepsSalt(row.record, row.final) ? row.record.salt : undefined) },
  {
    name: 'request_hash',
    type: 'text',
    of: (row) => (keepsSalt(row.record, row.final) ? row.record.requestHash : undefined),
  },
  { name: 'trace', type: 'text', of: ({ record }) => record.trace },
  { name: 'first_sequence', type: 'bigint', of: ({ firstSequence }) => firstSequence },
  { name: 'last_sequence', type: 'bigint', of: ({ lastSequence }) => lastSequence },
];

/** A list within a list would be flattened: it travels as its text. */
const between: Column<RowChange> = {
  name: 'between_sequences',
  type: 'text',
  of: ({ betweenSequences }) => (betweenSequences.length > 0 ? `{${betweenSequences.join(',')}}` : undefined),
};

const rowColumns: readonly Column<RowChange>[] = [
  { name: 'shape', type: 'integer', of: ({ shape }) => shape },
  ...times,
  ...ownColumns,
  between,
];

/** Every column of `transactions`, and how its value is told from the arrays. */
const values: readonly { name: string; value: string }[] = [
  ...shapeColumns.filter(({ name }) => name !== 'shape').map(({ name }) => ({ name, value: `shapes.${name}` })),
  ...times.map(({ name }) => ({ name, value: `to_timestamp(changes.${name}::float8 / 1000)` })),
  ...ownColumns.map(({ name }) => ({ name, value: `changes.${name}` })),
  { name: between.name, value: 'changes.between_sequences::bigint[]' },
];

const from = `${unnest(rowColumns, 'changes')}
  join ${unnest(shapeColumns, 'shapes', rowColumns.length + 1)} using (shape)`;

/** Inserts the rows that are new, and gives the ids of the others. */
export const insertRows = `
  with placed as (
    insert into transactions (${values.map(({ name }) => name).join(', ')})
    select ${values.map(({ value }) => value).join(', ')} from ${from}
    on conflict (id) do nothing returning id
  )
  select given.id::text from unnest($${rowColumns.findIndex(({ name }) => name === 'id') + 1}::uuid[]) as given (id)
  left join placed using (id) where placed.id is null`;

/** An id, its time and the position of its first record stay what they are. */
const changing = values.filter(({ name }) => !['id', 'at', 'first_sequence', between.name].includes(name));

/** What was the last position is in between now, and so is the first one of several that come together. */
const betweenNow = `nullif(transactions.between_sequences
  || array_remove(array[nullif(transactions.last_sequence, transactions.first_sequence),
      nullif(changes.first_sequence, changes.last_sequence)], null)
  || changes.between_sequences::bigint[], '{}')`;

/** Changes rows that are there and not final. The bounds keep other months out of it. */
export const updateRows = `
  update transactions set ${changing.map(({ name, value }) => `${name} = ${value}`).join(', ')},
    ${between.name} = ${betweenNow}
  from ${from}
  where transactions.id = changes.id and not transactions.final
    and transactions.id between $${rowColumns.length + shapeColumns.length + 1}::uuid
    and $${rowColumns.length + shapeColumns.length + 2}::uuid`;

/** The parameters of both, the rows being given their shapes. */
export function rowParameters(rows: readonly RowChange[]): string[] {
  const shapes = new Map<string, number>();
  const samples: RowChange[] = [];
  for (const row of rows) {
    const key = shapeKey(row);
    let shape = shapes.get(key);
    if (shape === undefined) {
      shape = samples.push(row) - 1;
      shapes.set(key, shape);
    }
    row.shape = shape;
  }
  return [...arraysOf(rowColumns, rows), ...arraysOf(shapeColumns, samples)];
}

/** Everything of a shape in one text. The character 0, which is in no record, keeps the parts apart. */
function shapeKey({ record, outcome, final, recorder }: RowChange): string {
  const { environment, client, agency, procedure, system, operation, version, kind, mode, code } = record;
  const who = `${environment}\0${client}\0${agency ?? '\0'}\0${procedure ?? '\0'}`;
  const what = `${system}\0${operation}\0${version}\0${kind}\0${mode}`;
  return `${who}\0${what}\0${outcome}\0${final}\0${code ?? '\0'}\0${recorder}`;
}
