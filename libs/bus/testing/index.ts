import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '#lgsp/telemetry';
import { BusConnection } from '../bus.connection';
import { freePort } from './free.port';

export { freePort };

/** A real NATS server of one test file: its own port, its own data, gone with `stop()`. */
export interface TestNats {
  url: string;
  /** Opens a connection that `stop()` closes. */
  connect(name?: string): Promise<BusConnection>;
  /** Ends the server with -9. */
  crash(): Promise<void>;
  /** Lets it hang: it holds its connections and answers nobody. */
  freeze(): void;
  thaw(): void;
  /** Has it read its configuration, and the certificates that it names, again. */
  reload(): void;
  /** Starts it again on the same port and data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts `nats-server` with JetStream on a free port.
 * @param configuration further settings, in the server's own form: users and what they may do
 */
export async function startNats(configuration = ''): Promise<TestNats> {
  const folder = await mkdtemp(join(tmpdir(), 'lgsp-nats-'));
  await writeFile(join(folder, 'nats.conf'), configuration);
  const opened: BusConnection[] = [];
  let server = await launch(folder, String(await freePort()));
  const { port } = new URL(server.url);
  return {
    url: server.url,
    async connect(name = 'test') {
      const log = createLogger({ app: name, level: 'silent' });
      const connection = await BusConnection.open({ url: server.url, name, log });
      opened.push(connection);
      return connection;
    },
    crash: () => end(server.process, 'SIGKILL'),
    freeze: () => void server.process.kill('SIGSTOP'),
    thaw: () => void server.process.kill('SIGCONT'),
    reload: () => void server.process.kill('SIGHUP'),
    async restart() {
      server = await launch(folder, port);
    },
    async stop() {
      await Promise.all(opened.map((connection) => connection.close()));
      await end(server.process, 'SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

async function launch(folder: string, port: string): Promise<{ process: ChildProcess; url: string }> {
  const child = spawn(
    'nats-server',
    ['-c', join(folder, 'nats.conf'), '-a', '127.0.0.1', '-p', port, '-js', '-sd', folder, '--ports_file_dir', folder],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const log: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => log.push(chunk.toString()));
  const portsFile = `nats-server_${child.pid}.ports`;
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline && child.exitCode === null) {
    if ((await readdir(folder)).includes(portsFile)) {
      const text = await readFile(join(folder, portsFile), 'utf8');
      if (text.endsWith('}')) return { process: child, url: (JSON.parse(text) as { nats: string[] }).nats[0]! };
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  child.kill('SIGKILL');
  throw new Error(`nats-server did not start: ${log.join('').slice(-500)}`);
}
