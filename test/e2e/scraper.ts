import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '#lgsp/bus/testing';

const readyMs = 30_000;
const askMs = 10_000;

/** One series of an answer, with its values that are numbers. */
export interface Series {
  labels: Record<string, string>;
  values: number[];
}

interface Answer {
  status: string;
  error?: string;
  data?: { result: { metric: Record<string, string>; value?: [number, string]; values?: [number, string][] }[] };
}

/** A real Prometheus that scrapes what a launcher has started, every second. */
export class Scraper {
  private readonly folder = mkdtempSync(join(tmpdir(), 'lgsp-scraper-'));
  private child?: ChildProcess;
  private url = '';
  private log = '';

  /** @param configuration the file that `npm start` writes */
  async start(configuration: string): Promise<void> {
    const file = join(this.folder, 'prometheus.yml');
    const eager = readFileSync(configuration, 'utf8').replaceAll(/(_interval|_timeout): \d+s/g, '$1: 1s');
    writeFileSync(file, eager);
    this.url = `http://127.0.0.1:${await freePort()}`;
    const options = [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(this.folder, 'data')}`,
      `--web.listen-address=${new URL(this.url).host}`,
    ];
    this.child = spawn('prometheus', options, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.child.stderr!.on('data', (text) => (this.log = (this.log + String(text)).slice(-5_000)));
    for (const deadline = Date.now() + readyMs; ; await new Promise((done) => setTimeout(done, 100))) {
      const response = await fetch(`${this.url}/-/ready`).catch(() => undefined); // It does not listen yet.
      if (response?.status === 200) return;
      if (Date.now() > deadline || this.child.exitCode !== null)
        throw new Error(`Prometheus did not start: ${this.log}`);
    }
  }

  async stop(): Promise<void> {
    if (this.child && this.child.exitCode === null && this.child.signalCode === null) {
      const exited = once(this.child, 'exit');
      this.child.kill('SIGKILL');
      await exited;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** As it is now. @throws Error when it is no PromQL */
  now(query: string): Promise<Series[]> {
    return this.ask('query', { query });
  }

  /** Over the last minute. */
  lastMinute(query: string): Promise<Series[]> {
    const end = Date.now() / 1_000;
    return this.ask('query_range', { query, start: String(end - 60), end: String(end), step: '5' });
  }

  /** The values of a label of a metric, as a variable of a dashboard asks for them. */
  async valuesOf(metric: string, label: string): Promise<string[]> {
    const series = await this.now(`count by (${label}) (${metric})`);
    return series.map(({ labels }) => labels[label]!).toSorted();
  }

  private async ask(path: string, parameters: Record<string, string>): Promise<Series[]> {
    const body = new URLSearchParams(parameters);
    const signal = AbortSignal.timeout(askMs);
    const response = await fetch(`${this.url}/api/v1/${path}`, { method: 'POST', body, signal });
    const { status, error, data } = (await response.json()) as Answer;
    if (status !== 'success') throw new Error(`${parameters['query']}: ${error}`);
    return data!.result.map(({ metric, value, values = value ? [value] : [] }) => ({
      labels: metric,
      values: values.map(([, text]) => Number(text)).filter((number) => !Number.isNaN(number)),
    }));
  }
}
