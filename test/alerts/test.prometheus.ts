import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '#lgsp/bus/testing';
import { familyOf, root, ruleFiles, rulesFolder, scaled } from './rules';

const readyMs = 30_000;
const lookEveryMs = 200;

export interface ActiveAlert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  state: 'pending' | 'firing';
}

export interface PrometheusOptions {
  targets: { part: string; address: string }[];
  /** By which every time of the rules is shorter. */
  factor: number;
  /** Between two looks at the targets, and at the rules. */
  every: string;
  /** What it remembers from before it was started, as OpenMetrics text. */
  history: string;
}

/** A real Prometheus with the rules of deploy/prometheus, on a port of its own; gone with `stop()`. */
export class TestPrometheus {
  private readonly folder = mkdtempSync(join(tmpdir(), 'lgsp-prometheus-'));
  private child?: ChildProcess;
  private url = '';
  private log = '';

  async start({ targets, factor, every, history }: PrometheusOptions): Promise<void> {
    const [rules, data] = [join(this.folder, 'rules'), join(this.folder, 'data')];
    mkdirSync(rules);
    for (const file of ruleFiles)
      writeFileSync(join(rules, file), scaled(readFileSync(join(rulesFolder, file), 'utf8'), factor));
    const configuration = join(this.folder, 'prometheus.yml');
    const print = ['deploy/prometheus/write.mjs', '--print', join(rules, '*.yml'), every, JSON.stringify(targets)];
    writeFileSync(configuration, execFileSync(process.execPath, print, { cwd: root }));
    writeFileSync(join(this.folder, 'history.txt'), `${history}# EOF\n`);
    const remember = ['tsdb', 'create-blocks-from', 'openmetrics', join(this.folder, 'history.txt'), data];
    execFileSync('promtool', remember, { stdio: 'pipe' });
    const port = await freePort();
    this.url = `http://127.0.0.1:${port}`;
    this.child = spawn(
      'prometheus',
      [
        `--config.file=${configuration}`,
        `--storage.tsdb.path=${data}`,
        '--storage.tsdb.retention.time=35d',
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    this.child.stderr!.on('data', (text) => (this.log = (this.log + String(text)).slice(-5_000)));
    await this.ready();
  }

  async stop(): Promise<void> {
    if (this.child && this.child.exitCode === null) {
      const exited = once(this.child, 'exit');
      this.child.kill('SIGKILL');
      await exited;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The alert with these labels, once it fires. */
  async firing(alert: string, labels: Record<string, string>, withinMs: number): Promise<ActiveAlert> {
    let found: ActiveAlert | undefined;
    await this.until(
      async () => (found = await this.find(alert, labels))?.state === 'firing',
      `${alert} does not fire for ${JSON.stringify(labels)}`,
      withinMs,
    );
    return found!;
  }

  /** Waits until the alert is gone. */
  ended(alert: string, labels: Record<string, string>, withinMs: number): Promise<void> {
    return this.until(async () => !(await this.find(alert, labels)), `${alert} does not end`, withinMs);
  }

  /** Which metrics of ours it has seen, and from which parts. */
  async exported(): Promise<Map<string, Set<string>>> {
    const query = new URLSearchParams({ 'match[]': '{job="lgsp",__name__=~"lgsp_.+"}' });
    const response = await fetch(`${this.url}/api/v1/series?${query.toString()}`, {
      signal: AbortSignal.timeout(10_000),
    });
    const { data } = (await response.json()) as { data: { __name__: string; part: string }[] };
    const found = new Map<string, Set<string>>();
    for (const { __name__: series, part } of data) {
      const name = familyOf(series);
      found.set(name, (found.get(name) ?? new Set()).add(part));
    }
    return found;
  }

  private async find(alert: string, labels: Record<string, string>): Promise<ActiveAlert | undefined> {
    const wanted = Object.entries({ alertname: alert, ...labels });
    return (await this.alerts()).find((active) => wanted.every(([name, value]) => active.labels[name] === value));
  }

  private async alerts(): Promise<ActiveAlert[]> {
    const response = await fetch(`${this.url}/api/v1/alerts`, { signal: AbortSignal.timeout(10_000) });
    return ((await response.json()) as { data: { alerts: ActiveAlert[] } }).data.alerts;
  }

  private async ready(): Promise<void> {
    const answers = async (): Promise<boolean> => {
      const response = await fetch(`${this.url}/-/ready`).catch(() => undefined); // It does not listen yet.
      return response?.status === 200;
    };
    await this.until(answers, 'Prometheus does not start', readyMs);
  }

  private async until(condition: () => Promise<boolean>, otherwise: string, withinMs: number): Promise<void> {
    const deadline = Date.now() + withinMs;
    while (!(await condition())) {
      if (Date.now() > deadline || this.child!.exitCode !== null) {
        const active = await this.alerts().catch(() => []);
        const others = active.map(({ labels, state }) => `${state} ${JSON.stringify(labels)}`);
        throw new Error(
          `${otherwise} within ${withinMs} ms; active are:\n${others.join('\n')}\n${this.log.slice(-500)}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    }
  }
}
