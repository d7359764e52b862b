/** A PostgreSQL of the bench's own, with its data on the disk as in production: it waits for the disk where that is asked for. */
import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { find } from '../../../deploy/local/commands.mjs';
import { root } from '../../../deploy/local/places.mjs';
import { freePort } from '../../../deploy/local/ports.mjs';
import { Trouble } from '../../../deploy/local/say.mjs';

const load = createRequire(import.meta.url);
const superuser = 'lgsp';
/** As a server of a province would have them; the other settings are PostgreSQL's own. */
const settings = ['shared_buffers=1GB', 'max_wal_size=8GB', 'listen_addresses=127.0.0.1', 'unix_socket_directories='];

/** On PATH, or where Debian puts what belongs to one version: the newest. @param {string} name */
function programOf(name) {
  const packaged = '/usr/lib/postgresql';
  const versions = existsSync(packaged) ? readdirSync(packaged).toSorted((a, b) => Number(b) - Number(a)) : [];
  const found =
    find(name) ?? versions.map((version) => join(packaged, version, 'bin', name)).find((path) => existsSync(path));
  if (!found) throw new Trouble(`${name} is not on this machine: install PostgreSQL, as npm test does`);
  return found;
}

/** PostgreSQL refuses to run as root: then it runs as the account that its package made. */
function accountOf() {
  if (process.getuid?.() !== 0) return undefined;
  const line = /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'));
  if (!line) throw new Trouble('there is no account "postgres": PostgreSQL does not run as root');
  return { uid: Number(line[1]), gid: Number(line[2]) };
}

/** @param {import('./children.mjs').Children} children */
export async function startPostgres(children) {
  const account = accountOf();
  // Not in the folder of the run, which is closed to other accounts.
  const folder = mkdtempSync(join(tmpdir(), 'lgsp-bench-postgres-'));
  if (account) chownSync(folder, account.uid, account.gid);
  const data = join(folder, 'data');
  const made = spawnSync(
    programOf('initdb'),
    ['--auth=trust', `--username=${superuser}`, '--encoding=UTF8', '--locale=C', '--no-sync', data],
    { ...account, encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Trouble(`initdb failed: ${made.stderr || made.error?.message}`);
  const port = await freePort('PostgreSQL', 0);
  const command = [programOf('postgres'), '-D', data, '-p', String(port), ...settings.flatMap((one) => ['-c', one])];
  const as = account ? ['setpriv', `--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups'] : [];
  const [program, ...args] = [...as, ...command];
  const url = (/** @type {string} */ name) => `postgresql://${superuser}@127.0.0.1:${port}/${name}`;
  const { openPostgres } = load(join(root, 'dist/apps/ledger/store/postgres.js'));
  const administration = openPostgres(url('postgres'));
  const answers = () =>
    administration.query('select 1').then(
      () => true,
      () => false, // Not listening yet: it is asked again.
    );
  const { child } = await children.server(/** @type {string} */ (program), args, answers);
  let databases = 0;
  return {
    /** Makes an empty database and gives its address. */
    async database() {
      const name = `bench_${++databases}`;
      await administration.run(`create database ${name}`);
      return url(name);
    },
    /** The processes that write: that of whoever has the book's lock in this database, and those that all share. @param {string} address */
    async writers(address) {
      const rows = await administration.query(
        `select pid from pg_stat_activity where backend_type in ('checkpointer', 'background writer', 'walwriter')
         or pid in (select pid from pg_locks where locktype = 'advisory') and datname = $1`,
        [new URL(address).pathname.slice(1)],
      );
      return rows.map((/** @type {{pid: number}} */ row) => row.pid);
    },
    async stop() {
      await administration.close();
      await children.end(child);
      // A server that was killed may still be writing for a moment.
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
    },
  };
}
