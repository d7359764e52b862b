import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { prepareDatabase } from '../../apps/ledger/testing/prepared.database';

export const root = resolve(__dirname, '../..');
const cli = join(root, 'dist/apps/cli/main.js');
export const readyTimeoutMs = 60_000;

/** A command of the launcher as a person at a terminal has it. */
export class Terminal {
  output = '';
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;

  constructor(script: string, args: readonly string[], env: Record<string, string>) {
    this.child = spawn(process.execPath, [join(root, 'deploy/local', script), ...args], {
      cwd: tmpdir(),
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout!, this.child.stderr!])
      stream.on('data', (text) => (this.output += String(text)));
    this.exited = new Promise((done) => this.child.once('exit', done));
  }

  async says(text: string, withinMs = readyTimeoutMs): Promise<void> {
    const deadline = Date.now() + withinMs;
    while (!this.output.includes(text)) {
      if (Date.now() > deadline || this.child.exitCode !== null)
        throw new Error(`it never said "${text}":\n${this.output}`);
      await new Promise((done) => setTimeout(done, 20));
    }
  }
}

interface Ids {
  launcher: number;
  parts: { name: string; pid: number; server?: number }[];
}

/** The bus as `npm start` starts it, in a folder of its own. */
export class Launched {
  readonly folder = mkdtempSync(join(tmpdir(), 'lgsp-start-'));

  /** @param env settings of all parts */
  constructor(private readonly env: Record<string, string> = {}) {}

  terminal(script: string, args: readonly string[] = []): Terminal {
    return new Terminal(script, args, { ...this.env, LGSP_LOCAL_DIR: this.folder });
  }

  /** Spares the first start of the ledger the making of its database, for tests that are not about it. */
  prepare(): Promise<void> {
    return prepareDatabase(join(this.folder, 'ledger'));
  }

  ids = (): Ids => JSON.parse(readFileSync(join(this.folder, 'pids.json'), 'utf8')) as Ids;
  pidOf = (name: string): number => this.ids().parts.find((part) => part.name === name)!.pid;
  demo = (): Record<string, string | undefined> => parseEnv(readFileSync(join(this.folder, 'demo.env'), 'utf8'));

  /** A call with what the demonstration client knows, timed. */
  call = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const { LGSP_URL: url, LGSP_CLIENT_SECRET: secret } = this.demo();
    const startedAt = performance.now();
    const response = await fetch(`${url}/v1/${path}`, {
      method: 'POST',
      headers: { authorization: `ApiKey ${secret}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    return { status: response.status, answer, ms: performance.now() - startedAt };
  };

  /** What the command line prints, run as the operator of this installation. */
  lgsp(...args: string[]): Promise<string> {
    return new Promise((done, fail) => {
      execFile(process.execPath, [cli, ...args], { env: this.operator() }, (error, stdout) =>
        error ? fail(error) : done(stdout),
      );
    });
  }

  /** A command line that is told to stop (Ctrl-C) as soon as it says this; resolves when it has ended. */
  interrupted(text: string, ...args: string[]): Promise<number | null> {
    const child = spawn(process.execPath, [cli, ...args], {
      env: this.operator(),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let told = false;
    child.stderr.on('data', (said) => {
      // Once: a second Ctrl-C would end it where it stands.
      if (told || !String(said).includes(text)) return;
      told = child.kill('SIGINT');
    });
    return new Promise((done) => child.once('exit', done));
  }

  private operator(): NodeJS.ProcessEnv {
    const access = parseEnv(readFileSync(join(this.folder, 'env/cli.env'), 'utf8'));
    return { ...process.env, ...this.env, ...this.demo(), ...access };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // There is no such process.
  }
}
