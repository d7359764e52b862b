import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:net';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { validateOpenApi } from '../../apps/gateway/testing/openapi.validator';
import { isAlive, Launched, readyTimeoutMs, type Terminal } from './launched';
import { readSystems } from '../parts';
import { connect, type NatsConnection } from './plain.nats';

const bus = new Launched();
const { folder: local, demo, pidOf, ids, call } = bus;
const statusQuestion = { register: 'birth', dossier: 'H24.11-261101-0016' };
const occupied: Server[] = [];
let launcher: Terminal;

describe('npm start', () => {
  beforeAll(async () => {
    // The usual port is taken: that is no error.
    const other = createServer();
    occupied.push(other);
    await new Promise<void>((done) => other.once('error', () => done()).listen(8080, '127.0.0.1', done));
    launcher = bus.terminal('start.mjs');
    await launcher.says('Ctrl-C stops everything.');
  }, readyTimeoutMs + 5_000);

  afterAll(async () => {
    launcher.child.kill('SIGINT');
    await launcher.exited;
    for (const server of occupied) server.close();
    bus.remove();
  });

  it('takes the next free port', () => {
    expect(new URL(demo()['LGSP_URL']!).port).not.toBe('8080');
  });

  it('prints a call that works as pasted', async () => {
    const line = launcher.output.split('\n').find((text) => text.includes('curl -s'))!;
    const printed = await new Promise<string>((done, fail) => {
      execFile('bash', ['-c', line], { cwd: tmpdir() }, (error, stdout) => (error ? fail(error) : done(stdout)));
    });
    expect(JSON.parse(printed)).toEqual({ verified: true });
  });

  it('writes what others need where only its owner can read it', () => {
    for (const file of ['demo.env', 'secrets.json', 'nats.conf', 'env/gateway.env']) {
      expect({ file, mode: statSync(join(local, file)).mode & 0o777 }).toEqual({ file, mode: 0o600 });
    }
    const names = ['LGSP_URL', 'LGSP_CLIENT_ID', 'LGSP_CLIENT_SECRET', 'LGSP_OPERATOR_ID', 'LGSP_OPERATOR_SECRET'];
    const all = [...names, 'LGSP_METRICS_URL', 'LGSP_NATS_URL', 'LGSP_SANDBOX_URL'];
    expect(Object.keys(demo()).toSorted()).toEqual(all.toSorted());
  });

  it('tells Prometheus where every process is, and each of them answers', async () => {
    const configuration = readFileSync(join(local, 'prometheus.yml'), 'utf8');
    const targets = [...configuration.matchAll(/targets: \['(.+)'\]\n +labels: \{ part: (.+) \}/g)];
    expect(targets.map(([, , part]) => part!).toSorted()).toEqual(
      ['gateway', 'ledger', 'courier', ...readSystems()].toSorted(),
    );
    for (const [, address] of targets)
      expect(await (await fetch(`http://${address}/metrics`)).text()).toContain('lgsp_bus_connected 1');
  });

  it('every operation answers its own example', async () => {
    const response = await fetch(`${demo()['LGSP_URL']}/v1/services`);
    const { systems } = (await response.json()) as {
      systems: {
        system: string;
        status: string;
        operations: { operation: string; kind: string; example: { input: unknown } }[];
      }[];
    };
    expect(systems.map(({ system, status }) => `${system} ${status}`)).toEqual(
      readSystems()
        .toSorted()
        .map((system) => `${system} up`),
    );
    const context = {
      'lgsp-agency': 'H24.11',
      'lgsp-officer': 'canbo.mau',
      'lgsp-dossier': 'H24.11-261124-0002',
      'lgsp-procedure': '1.001193',
    };
    const failed: unknown[] = [];
    for (const { system, operations } of systems) {
      for (const { operation, example } of operations) {
        const { status, answer } = await call(`${system}/${operation}`, example.input, {
          ...context,
          'idempotency-key': `try-${operation}`,
        });
        if (status !== 200) failed.push({ operation: `${system}.${operation}`, answer });
      }
    }
    expect(failed).toEqual([]);
  });

  it('describes itself as valid OpenAPI, every operation in both languages', async () => {
    const read = async (language: string) =>
      (await (await fetch(`${demo()['LGSP_URL']}/openapi.json?lang=${language}`)).json()) as {
        paths: Record<string, { post?: { summary: string; 'x-lgsp'?: object } }>;
      };
    const [english, vietnamese] = await Promise.all(['en', 'vi'].map(read));
    expect(await validateOpenApi(english!)).toEqual({ valid: true, version: '3.1' });
    expect(await validateOpenApi(vietnamese!)).toEqual({ valid: true, version: '3.1' });
    const operations = Object.entries(english!.paths).filter(([, { post }]) => post?.['x-lgsp']);
    expect(operations.length).toBeGreaterThanOrEqual(18);
    for (const [path, { post }] of operations) {
      const translated = vietnamese!.paths[path]!.post!.summary;
      expect({ path, summary: post!.summary, translated }).toEqual({
        path,
        summary: expect.stringMatching(/^[A-Z][^À-ỹ]+$/),
        translated: expect.stringMatching(/[À-ỹ]/),
      });
    }
  });

  it('shows on no command line what is secret', async () => {
    const { LGSP_CLIENT_SECRET: secret } = demo();
    const secrets = JSON.parse(readFileSync(join(local, 'secrets.json'), 'utf8')) as {
      sandbox: string;
      nats: Record<string, string>;
    };
    const all = [secret!, secrets.sandbox, ...Object.values(secrets.nats)];
    const lines = ids().parts.map(({ pid }) => readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
    expect(lines.length).toBeGreaterThan(6);
    expect(all.filter((text) => lines.some((line) => line.includes(text)))).toEqual([]);
    const logs = ids().parts.map(({ name }) => readFileSync(join(local, 'log', `${name}.log`), 'utf8'));
    expect(all.filter((text) => logs.some((log) => log.includes(text)))).toEqual([]);
  });

  it('a killed connector answers at once that it is not there, and serves again when it is started', async () => {
    const pid = pidOf('civil-registry');
    process.kill(pid, 'SIGKILL');
    while (isAlive(pid)) await new Promise((done) => setTimeout(done, 5));
    const times: number[] = [];
    for (let nth = 0; nth < 5; nth++) {
      const { status, answer, ms } = await call('civil-registry/get-dossier-status', statusQuestion);
      expect({ status, code: answer['code'] }).toEqual({ status: 503, code: 'connector-unavailable' });
      times.push(ms);
    }
    expect(Math.min(...times)).toBeLessThan(100);
    await launcher.says('npm run part -- civil-registry');
    const part = bus.terminal('run.mjs', ['civil-registry']);
    await part.says('serving');
    const back = await call('civil-registry/get-dossier-status', statusQuestion);
    expect(back.answer).toMatchObject({ state: 'completed' });
    part.child.kill('SIGTERM');
    await part.exited;
  });

  it('a client is suspended and resumed from the command line, and the door follows within a second', async () => {
    const lgsp = (...args: string[]) => bus.lgsp('clients', ...args);
    const answers = async (wanted: number): Promise<boolean> => {
      const deadline = Date.now() + 1_000;
      for (;;) {
        const { status } = await call('judicial-records/list-changed', {});
        if (status === wanted || Date.now() > deadline) return status === wanted;
      }
    };
    await lgsp('suspend', 'demo-one-stop');
    expect(await answers(403)).toBe(true);
    await lgsp('resume', 'demo-one-stop');
    expect(await answers(200)).toBe(true);
    expect(await lgsp('show', 'demo-one-stop')).toMatch(/suspend .*\n.*resume /);
  });

  it('refuses to run twice from one folder', async () => {
    const second = bus.terminal('start.mjs');
    expect(await second.exited).toBe(1);
    expect(second.output).toContain('running already');
  });

  it('lets whoever has no credentials call and serve, and nothing else', async () => {
    const { hostname, port } = new URL(demo()['LGSP_NATS_URL']!);
    const nats: NatsConnection = await connect(hostname, Number(port));
    const answer = await nats.request(
      'lgsp.vnpost.v1.track-order',
      '{"by":"order-number","number":"H24.11-261101-0016-0EXAMPLE01"}',
    );
    expect(answer).toContain('"state":"received"');
    nats.publish('$KV.CLIENTS.intruder', '{}');
    expect(await nats.nextError()).toMatch(/Permissions Violation for Publish/);
    nats.subscribe('_INBOX_gateway.>');
    expect(await nats.nextError()).toMatch(/Permissions Violation for Subscription/);
    nats.close();
  });

  it('leaves no process behind after Ctrl-C', async () => {
    const running = ids().parts.flatMap(({ pid, server }) => (server ? [pid, server] : [pid]));
    expect(running.every(isAlive)).toBe(true);
    launcher.child.kill('SIGINT');
    expect(await launcher.exited).toBe(0);
    expect(running.filter(isAlive)).toEqual([]);
    expect(existsSync(join(local, 'launcher.pid'))).toBe(false);
  });

  it('is ready again within 15 s, with the same secrets; and its parts end when it is killed with -9', async () => {
    const { LGSP_CLIENT_SECRET: secret } = demo();
    const startedAt = performance.now();
    launcher = bus.terminal('start.mjs');
    await launcher.says('Ctrl-C stops everything.');
    // 15 s on a machine that has nothing else to do: other tests may be running on it.
    const shared = Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());
    expect(performance.now() - startedAt).toBeLessThan(15_000 * shared);
    expect(demo()['LGSP_CLIENT_SECRET']).toBe(secret);
    const running = ids().parts.flatMap(({ pid, server }) => (server ? [pid, server] : [pid]));
    launcher.child.kill('SIGKILL');
    const deadline = Date.now() + 15_000;
    while (running.some(isAlive) && Date.now() < deadline) await new Promise((done) => setTimeout(done, 50));
    expect(running.filter(isAlive)).toEqual([]);
  }, 60_000);
});
