/** Where SQL can be said: the database itself, or a transaction in it. */
export interface Sql {
  /** One statement with parameters `$1`, `$2`, …; gives its rows. */
  query<T = Record<string, unknown>>(text: string, parameters?: unknown[]): Promise<T[]>;
  /** Several statements without parameters. */
  run(script: string): Promise<void>;
}

/** A transaction in the database. */
export interface TransactionSql extends Sql {
  /** Adds rows, which costs much less than any statement. @param target table and columns @param rows in binary form (`BinaryRows`) */
  copy(target: string, rows: Buffer): Promise<void>;
}

/** Where a transaction can be begun. */
export interface Transactions {
  /** Everything in it or nothing of it. */
  transaction<T>(work: (sql: TransactionSql) => Promise<T>): Promise<T>;
}

/** Whoever holds it is the only one who writes the book, until it is released or lost with its connection. */
export interface Writer extends Sql, Transactions {
  release(): Promise<void>;
}

/**
 * The ledger's database: PostgreSQL, or PostgreSQL's own code embedded (PGlite). Both speak the same SQL; the book's tables
 * are in a schema of their own, `book`, which is where names without a schema are looked for.
 *
 * While the database is away every call throws BusError `ledger-unavailable`, and works again once it is back. A class, so that
 * Nest gives it by its type.
 */
export abstract class Database implements Sql, Transactions {
  abstract readonly kind: 'postgresql' | 'pglite';
  abstract query<T = Record<string, unknown>>(text: string, parameters?: unknown[]): Promise<T[]>;
  abstract run(script: string): Promise<void>;
  abstract transaction<T>(work: (sql: TransactionSql) => Promise<T>): Promise<T>;
  /** The right to write, which one process has at a time; undefined while another one has it. */
  abstract becomeWriter(): Promise<Writer | undefined>;
  abstract close(): Promise<void>;
}

/** The schema of the book's tables. */
export const bookSchema = 'book';

/** Type ids of PostgreSQL whose JavaScript form we choose, for both drivers. */
export const typeParsers: Record<number, (text: string) => unknown> = {
  /** bigint: counts fit into a JavaScript number long before they reach its limit of 2^53. */
  20: Number,
  /** numeric, which is what a sum of bigints is. */
  1700: Number,
  /** date: without a time it is no moment, and stays the text that it is. */
  1082: (text) => text,
};
