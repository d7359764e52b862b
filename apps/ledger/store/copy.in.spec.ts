import { TestPostgres } from '../testing/postgres';
import { BinaryRows } from './binary.rows';
import type { Database } from './database';
import { openPostgres } from './postgres';

/** More than any buffer between here and the server holds. */
const manyRows = 300_000;

describe('rows that are copied into PostgreSQL', () => {
  let postgres: TestPostgres;
  let database: Database;

  beforeAll(async () => {
    postgres = await TestPostgres.start();
    database = openPostgres(await postgres.database());
    await database.run(`create schema book; create table numbers (number bigint primary key, text text)`);
  });
  afterAll(async () => {
    await database.close();
    await postgres.stop();
  });
  beforeEach(() => database.run('truncate numbers'));

  function rows(count: number, numberOf = (nth: number): number => nth): Buffer {
    const binary = new BinaryRows();
    for (let nth = 0; nth < count; nth++) {
      binary.row(2);
      binary.add('bigint', numberOf(nth));
      binary.add('text', `the row with the number ${nth}`);
    }
    return binary.end();
  }

  const sum = () => database.query('select count(*), sum(number) from numbers');

  it('are there when the promise is kept', async () => {
    await database.transaction((sql) => sql.copy('numbers', rows(manyRows)));
    expect(await sum()).toEqual([{ count: manyRows, sum: (manyRows * (manyRows - 1)) / 2 }]);
  });

  it.each([
    ['do not lead to a table', 'nowhere', rows(manyRows), /nowhere/],
    ['have a double among the first', 'numbers', rows(manyRows, (nth) => Math.max(0, nth - 1)), /duplicate key/],
    ['have a double at the end', 'numbers', rows(manyRows, (nth) => Math.min(nth, manyRows - 2)), /duplicate key/],
    ['are no rows', 'numbers', Buffer.alloc(5_000_000, 'x'), /COPY file signature/],
  ])('and %s are refused as a whole, and the connection serves on', async (_name, target, binary, refusal) => {
    await database.transaction(async (sql) => {
      await sql.run('savepoint before');
      const process = await sql.query('select pg_backend_pid() as id');
      await expect(sql.copy(target, binary)).rejects.toThrow(refusal);
      await sql.run('rollback to before');
      expect(await sql.query('select pg_backend_pid() as id')).toEqual(process);
      await sql.copy('numbers', rows(3));
    });
    expect(await sum()).toEqual([{ count: 3, sum: 3 }]);
  });
});
