import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Client } from 'pg';
import { freePort } from '#lgsp/bus/testing';

const startMs = 60_000;
const superuser = 'lgsp';

/** A real PostgreSQL of one test file: its own port, its own data, gone with `stop()`. */
export class TestPostgres {
  private child?: ChildProcess;
  private databases = 0;
  private log = '';

  private constructor(
    private readonly folder: string,
    private readonly port: number,
  ) {}

  static async start(): Promise<TestPostgres> {
    const folder = mkdtempSync(join(tmpdir(), 'lgsp-postgres-'));
    const { uid, gid } = account;
    if (uid !== undefined) chownSync(folder, uid, gid!);
    const options = ['--auth=trust', `--username=${superuser}`, '--encoding=UTF8', '--locale=C', '--no-sync'];
    const made = spawnSync(program('initdb'), [...options, join(folder, 'data')], { ...account, encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr || made.error?.message}`);
    const postgres = new TestPostgres(folder, await freePort());
    await postgres.restart();
    return postgres;
  }

  /** Makes an empty database and gives its address. */
  async database(): Promise<string> {
    const name = `test_${++this.databases}`;
    await this.say(`create database ${name}`);
    return this.url(name);
  }

  /** Starts it on the same port and data. */
  async restart(): Promise<void> {
    // A killed process does not lose what it gave to the operating system: only a power failure would, without fsync.
    const settings = ['fsync=off', 'listen_addresses=127.0.0.1', `unix_socket_directories=`, 'max_connections=60'];
    const options = settings.flatMap((setting) => ['-c', setting]);
    const args = ['-D', join(this.folder, 'data'), '-p', String(this.port), ...options];
    const child = spawn(program('postgres'), args, { ...account, stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.on('data', (text) => (this.log = (this.log + String(text)).slice(-5_000)));
    this.child = child;
    const deadline = Date.now() + startMs;
    while (Date.now() < deadline && child.exitCode === null) {
      try {
        await this.say('select 1');
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 20)); // Not listening yet, or still recovering.
      }
    }
    child.kill('SIGKILL');
    throw new Error(`PostgreSQL did not start: ${this.log}`);
  }

  /** Ends it and all its processes with -9. */
  async crash(): Promise<void> {
    const child = this.child!;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    // The kernel's list is whole only while nobody is taken off it; and one that is left out would work on for a while.
    child.kill('SIGSTOP');
    for (const pid of childrenOf(child.pid!)) killIfAlive(pid);
    child.kill('SIGKILL');
    await exited;
  }

  /** Lets it hang: it holds its connections and never answers. */
  freeze(): void {
    const { pid: first } = this.child!;
    process.kill(first!, 'SIGSTOP'); // First: so long as it does not run, no other is left out of the list.
    for (const pid of childrenOf(first!)) process.kill(pid, 'SIGSTOP');
  }

  thaw(): void {
    for (const pid of [this.child!.pid!, ...childrenOf(this.child!.pid!)]) process.kill(pid, 'SIGCONT');
  }

  async stop(): Promise<void> {
    await this.crash();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private url(database: string): string {
    return `postgresql://${superuser}@127.0.0.1:${this.port}/${database}`;
  }

  private async say(sql: string): Promise<void> {
    const client = new Client({ connectionString: this.url('postgres'), connectionTimeoutMillis: 2_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query(sql);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

/** PostgreSQL refuses to run as root: then it runs as the account that its package made. */
const account = accountOf();

function accountOf(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const line = readFileSync('/etc/passwd', 'utf8').match(/^postgres:[^:]*:(\d+):(\d+):/m);
  if (!line) throw new Error('there is no account "postgres": PostgreSQL does not run as root');
  return { uid: Number(line[1]), gid: Number(line[2]) };
}

/** On PATH, or where Debian puts what belongs to one version: the newest. */
function program(name: string): string {
  const packaged = '/usr/lib/postgresql';
  const versions = existsSync(packaged) ? readdirSync(packaged).toSorted((a, b) => Number(b) - Number(a)) : [];
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...versions.map((v) => join(packaged, v, 'bin'))];
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (!found) throw new Error(`${name} is not on this machine: npm test installs it`);
  return found;
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // It went with its parent.
  }
}
