import { keepsSalt } from '#lgsp/records';
import { BinaryRows, type BinaryType, type BinaryValue } from '../store/binary.rows';
import { arraysOf, unnest, type Column } from '../store/sql.arrays';
import type { RowChange } from './row.change';

/** How rows are written: new ones are copied, and those that change are named in arrays. */

interface RowColumn {
  name: string;
  type: BinaryType;
  of(row: RowChange): BinaryValue;
}

/** Every column of `transactions`. */
const columns: readonly RowColumn[] = [
  { name: 'id', type: 'uuid', of: ({ id }) => id },
  { name: 'at', type: 'time', of: ({ at }) => at },
  { name: 'environment', type: 'text', of: ({ record }) => record.environment },
  { name: 'client', type: 'text', of: ({ record }) => record.client },
  { name: 'agency', type: 'text', of: ({ record }) => record.agency },
  { name: 'officer', type: 'text', of: ({ record }) => record.officer },
  { name: 'dossier', type: 'text', of: ({ record }) => record.dossier },
  { name: 'linked_dossier', type: 'text', of: ({ record }) => record.linkedDossier },
  { name: 'procedure', type: 'text', of: ({ record }) => record.procedure },
  { name: 'system', type: 'text', of: ({ record }) => record.system },
  { name: 'operation', type: 'text', of: ({ record }) => record.operation },
  { name: 'version', type: 'text', of: ({ record }) => record.version },
  { name: 'kind', type: 'text', of: ({ record }) => record.kind },
  { name: 'mode', type: 'text', of: ({ record }) => record.mode },
  { name: 'idempotency', type: 'text', of: ({ record }) => record.idempotency },
  { name: 'deadline', type: 'time', of: ({ record }) => record.deadline },
  { name: 'outcome', type: 'text', of: ({ outcome }) => outcome },
  { name: 'final', type: 'boolean', of: ({ final }) => final },
  { name: 'code', type: 'text', of: ({ record }) => record.code },
  { name: 'sent_at', type: 'time', of: ({ record }) => record.sentAt },
  { name: 'returned_at', type: 'time', of: ({ record }) => record.returnedAt },
  { name: 'answered_at', type: 'time', of: ({ record }) => record.answeredAt },
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
  { name: 'recorder', type: 'text', of: ({ recorder }) => recorder },
  { name: 'first_sequence', type: 'bigint', of: ({ firstSequence }) => firstSequence },
  { name: 'last_sequence', type: 'bigint', of: ({ lastSequence }) => lastSequence },
  {
    name: 'between_sequences',
    type: 'bigints',
    of: ({ betweenSequences }) => (betweenSequences.length > 0 ? betweenSequences : undefined),
  },
];

/** Where new rows are copied to, and their bytes. */
export const copyTarget = `transactions (${columns.map(({ name }) => name).join(', ')})`;

export function binaryOf(rows: readonly RowChange[]): Buffer {
  const binary = new BinaryRows();
  for (const row of rows) {
    binary.row(columns.length);
    for (const { type, of } of columns) binary.add(type, of(row));
  }
  return binary.end();
}

/** Within arrays a time travels as epoch milliseconds, and a list, which would be flattened, as its text. */
const travelling: readonly (Column<RowChange> & { value: string })[] = columns.map(({ name, type, of }) => {
  const given = `changes.${name}`;
  if (type === 'time')
    return { name, type: 'bigint', of: of as Column<RowChange>['of'], value: `to_timestamp(${given}::float8 / 1000)` };
  if (type === 'bigints')
    return { name, type: 'text', of: (row) => listText(of(row) as readonly number[]), value: `${given}::bigint[]` };
  return { name, type, of: of as Column<RowChange>['of'], value: given };
});

const listText = (values: readonly number[] | undefined): string | undefined => values && `{${values.join(',')}}`;

/** An id, its time and the position of its first record stay what they are. */
const changing = travelling.filter(({ name }) => !['id', 'at', 'first_sequence', 'between_sequences'].includes(name));

/** What was the last position is in between now, and so is the first one of several that come together. */
const betweenNow = `nullif(transactions.between_sequences
  || array_remove(array[nullif(transactions.last_sequence, transactions.first_sequence),
      nullif(changes.first_sequence, changes.last_sequence)], null)
  || changes.between_sequences::bigint[], '{}')`;

/** Changes rows that are there and not final. The bounds keep other months out of it. */
export const updateRows = `
  update transactions set ${changing.map(({ name, value }) => `${name} = ${value}`).join(', ')},
    between_sequences = ${betweenNow}
  from ${unnest(travelling, 'changes')}
  where transactions.id = changes.id and not transactions.final
    and transactions.id between $${travelling.length + 1}::uuid and $${travelling.length + 2}::uuid`;

/** Its parameters. */
export const updateParameters = (rows: readonly RowChange[]): string[] => [
  ...arraysOf(travelling, rows),
  ...idBounds(rows),
];

/** What an answer says that came after a final outcome is in the stream: the row knows where. */
const furtherColumns: readonly Column<RowChange>[] = [
  { name: 'id', type: 'uuid', of: ({ id }) => id },
  { name: 'places', type: 'text', of: (row) => listText(placesOf(row)) },
];

const placesOf = ({ firstSequence, lastSequence, betweenSequences }: RowChange): number[] =>
  [...new Set([firstSequence, ...betweenSequences, lastSequence])].toSorted((a, b) => a - b);

/** Notes where further records of rows stand that are final. */
export const noteFurther = `
  update transactions set between_sequences = between_sequences || further.places::bigint[]
  from ${unnest(furtherColumns, 'further')}
  where transactions.id = further.id and transactions.id between $3::uuid and $4::uuid`;

/** Its parameters. */
export const furtherParameters = (rows: readonly RowChange[]): string[] => [
  ...arraysOf(furtherColumns, rows),
  ...idBounds(rows),
];

/** The smallest id and the largest, between which are all. */
export function idBounds(rows: readonly RowChange[]): [string, string] {
  let first = rows[0]!.id;
  let last = first;
  for (const { id } of rows) {
    if (id < first) first = id;
    if (id > last) last = id;
  }
  return [first, last];
}
