/**
 * A book that is made larger in SQL and not by records: for sizes that would take hours. Every row is there so many times, each
 * copy under an id and a dossier of its own, and every count is so many times as high; the counted combinations stay the same.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from '../../../deploy/local/places.mjs';

const load = createRequire(import.meta.url);
const counted = ['rollup_hour', 'rollup_day', 'rollup_month', 'rollup_duration'];

/** A connection that waits as long as it takes: the ledger's own give up after half a minute. @param {string} connectionString */
async function openPatient(connectionString) {
  const { Client } = load('pg');
  const client = new Client({ connectionString, options: '-c search_path=book -c synchronous_commit=off' });
  await client.connect();
  return {
    query: async (/** @type {string} */ text) => (await client.query(text)).rows,
    run: async (/** @type {string} */ script) => void (await client.query(script)),
    close: () => client.end(),
  };
}

/** @param {Record<string, string>} settings of the ledger, which does not run @param {number} times @param {(text: string) => void} say */
export async function multiplyRows({ LGSP_DATABASE_URL: url, LGSP_LEDGER_DIR: folder }, times, say) {
  const { openEmbedded } = load(join(root, 'dist/apps/ledger/store/embedded.js'));
  const sql = url ? await openPatient(url) : await openEmbedded(join(folder, 'database'));
  try {
    const [{ names }] = await sql.query(
      `select string_agg(attname, ', ' order by attnum) as names from pg_attribute
       where attrelid = 'transactions'::regclass and attnum > 0 and attname not in ('id', 'dossier')`,
    );
    const months = await sql.query(`select inhrelid::regclass::text as name from pg_inherits
      where inhparent = 'transactions'::regclass order by 1`);
    for (const { name } of months) {
      // The first half of an id is its time; of the second, four digits are made the copy's number.
      await sql.run(`insert into ${name} (id, dossier, ${names})
        select overlay(id::text placing lpad(to_hex(copy), 4, '0') from 25 for 4)::uuid, dossier || '-' || copy, ${names}
        from ${name}, generate_series(1, ${times - 1}) copy on conflict (id) do nothing`);
      await sql.run(`vacuum (analyze) ${name}`);
      say(`${name} is multiplied`);
    }
    for (const table of counted) await sql.run(`update ${table} set count = count * ${times}`);
    await sql.run('vacuum (analyze)');
    // What was written is on the disk before anything is asked.
    await sql.run('checkpoint');
    const [{ count }] = await sql.query('select count(*) from transactions');
    say(`${count} rows`);
  } finally {
    await sql.close();
  }
}
