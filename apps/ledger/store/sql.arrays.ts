/**
 * Lists of values as PostgreSQL reads arrays from text. Written by hand: the drivers' own way, which has to expect anything,
 * takes three times as long, and writing them is most of what this side has to do for a row. Nothing is written for values that
 * are absent from some row to the last: `unnest` makes arrays that are shorter than others as long as they are.
 */

type Plain = string | number | boolean | null | undefined;

const special = /["\\]/;
const specials = /["\\]/g;
const nulls = ',NULL';

/** Of texts that may hold anything but the character 0, which PostgreSQL does not know. */
function textArray<T>(rows: readonly T[], of: (row: T) => string | null | undefined): string {
  let text = '';
  let absent = 0;
  for (const row of rows) {
    const value = of(row);
    if (value === undefined || value === null) absent++;
    else {
      if (absent > 0) text += nulls.repeat(absent);
      absent = 0;
      text += special.test(value) ? `,"${value.replace(specials, '\\$&')}"` : `,"${value}"`;
    }
  }
  return `{${text.slice(1)}}`;
}

/** Of numbers, booleans, and texts in which nothing needs quotes: ids, dates. */
function plainArray<T>(rows: readonly T[], of: (row: T) => Plain): string {
  let text = '';
  let absent = 0;
  for (const row of rows) {
    const value = of(row);
    if (value === undefined || value === null) absent++;
    else {
      if (absent > 0) text += nulls.repeat(absent);
      absent = 0;
      text += `,${value}`;
    }
  }
  return `{${text.slice(1)}}`;
}

/** A column of rows that travel as arrays: its name, its type, and where its value is. */
export interface Column<T> {
  name: string;
  type: 'uuid' | 'text' | 'bigint' | 'integer' | 'smallint' | 'boolean' | 'timestamptz' | 'date';
  of(row: T): Plain;
}

/** `unnest($1::uuid[], …) as r (id, …)`, with the parameters from a number on. */
export function unnest(columns: readonly Column<never>[], alias: string, from = 1): string {
  return `${arraysFrom(columns, from)} as ${alias} (${namesOf(columns)})`;
}

/** As `unnest`, with the place of each row as a further column `nth`, from 1. */
export function unnestWithPlaces(columns: readonly Column<never>[], alias: string): string {
  return `${arraysFrom(columns, 1)} with ordinality as ${alias} (${namesOf(columns)}, nth)`;
}

const arraysFrom = (columns: readonly Column<never>[], from: number): string =>
  `unnest(${columns.map(({ type }, nth) => `$${from + nth}::${type}[]`).join(', ')})`;

const namesOf = (columns: readonly Column<never>[]): string => columns.map(({ name }) => name).join(', ');

/** The parameters that `unnest` takes. */
export function arraysOf<T>(columns: readonly Column<T>[], rows: readonly T[]): string[] {
  return columns.map(({ type, of }) =>
    type === 'text' ? textArray(rows, of as (row: T) => string | undefined) : plainArray(rows, of),
  );
}
