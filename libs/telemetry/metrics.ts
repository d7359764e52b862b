import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { MetricRow } from './metric.row';
import {
  metricTable,
  type CounterName,
  type GaugeName,
  type HistogramName,
  type LabelsOf,
  type MetricName,
} from './metric.table';
import { Counter, Family, Gauge, Histogram } from './series';

/** The text format of Prometheus. */
const contentType = 'text/plain; version=0.0.4; charset=utf-8';

/** The metrics of one process. Bind labels once (`counter(name, labels)`) and keep the bound form on a hot path. */
export class Metrics {
  /** What the runtime tells of itself: memory, CPU, event loop. */
  private readonly runtime = new Registry();
  private readonly families = new Map<MetricName, Family<Counter | Gauge | Histogram>>();
  private readonly measures: (() => void)[] = [];

  /** @param collectProcess also export memory, CPU and event-loop metrics of the process (`process_*`, `nodejs_*`) */
  constructor(collectProcess = true) {
    if (collectProcess) collectDefaultMetrics({ register: this.runtime });
  }

  counter<N extends CounterName>(name: N, labels: LabelsOf<N>): Counter {
    return this.family(name).of(labels) as Counter;
  }

  gauge<N extends GaugeName>(name: N, labels: LabelsOf<N>): Gauge {
    return this.family(name).of(labels) as Gauge;
  }

  histogram<N extends HistogramName>(name: N, labels: LabelsOf<N>): Histogram {
    return this.family(name).of(labels) as Histogram;
  }

  /** What a metric says now, by its labels; nothing when it was never touched. */
  values<N extends CounterName | GaugeName>(name: N): { labels: LabelsOf<N>; value: number }[] {
    const family = this.families.get(name) as Family<Counter | Gauge> | undefined;
    return [...(family?.all() ?? [])].map(({ one, labels }) => ({ labels: labels as LabelsOf<N>, value: one.value }));
  }

  /** Forgets all series of a gauge, before it is measured anew: what is not there any more is not shown for ever. */
  clear(name: GaugeName): void {
    this.family(name).clear();
  }

  /** Has something measured whenever it is asked for: for what costs nothing to know. */
  onScrape(measure: () => void): void {
    this.measures.push(measure);
  }

  /** What `GET /metrics` answers. */
  async text(): Promise<string> {
    for (const measure of this.measures) measure();
    const own = [...this.families.values()].map((family) => family.text()).join('');
    return own + (await this.runtime.metrics());
  }

  /** Serves `GET /metrics`, on a port of its own so that it is never reachable through the public one. */
  async serve(port: number, host: string): Promise<MetricsServer> {
    const server = createServer((request, response) => {
      if (request.method !== 'GET' || request.url !== '/metrics') {
        response.writeHead(404).end();
        return;
      }
      this.text().then(
        (text) => response.writeHead(200, { 'content-type': contentType }).end(text),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    });
    server.requestTimeout = 10_000;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    return new MetricsServer(server);
  }

  private family(name: MetricName): Family<Counter | Gauge | Histogram> {
    let family = this.families.get(name);
    if (!family) this.families.set(name, (family = familyOf(name, metricTable[name])));
    return family;
  }
}

function familyOf(
  name: MetricName,
  { type, help, labels, buckets = [] }: MetricRow,
): Family<Counter | Gauge | Histogram> {
  if (type === 'counter') return new Family(name, type, help, labels, () => new Counter());
  if (type === 'gauge') return new Family(name, type, help, labels, () => new Gauge());
  return new Family(name, type, help, labels, () => new Histogram(buckets), buckets);
}

/** The listening side of `Metrics.serve`. */
class MetricsServer {
  constructor(private readonly server: Server) {}

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
