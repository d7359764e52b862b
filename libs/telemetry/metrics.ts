import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import {
  metricTable,
  type CounterName,
  type GaugeName,
  type HistogramName,
  type LabelsOf,
  type MetricName,
  type MetricRow,
} from './metric.table';

/** The metrics of one process. Bind labels once (`counter(name, labels)`) and keep the bound form on a hot path. */
export class Metrics {
  readonly registry = new Registry();
  private readonly registered = new Map<MetricName, Counter | Gauge | Histogram>();

  /** @param collectProcess also export memory, CPU and event-loop metrics of the process (`process_*`, `nodejs_*`) */
  constructor(collectProcess = true) {
    if (collectProcess) collectDefaultMetrics({ register: this.registry });
  }

  counter<N extends CounterName>(name: N, labels: LabelsOf<N>): Counter.Internal {
    return (this.register(name) as Counter).labels(labels);
  }

  gauge<N extends GaugeName>(name: N, labels: LabelsOf<N>): Gauge.Internal<string> {
    return (this.register(name) as Gauge).labels(labels);
  }

  histogram<N extends HistogramName>(name: N, labels: LabelsOf<N>): Histogram.Internal<string> {
    return (this.register(name) as Histogram).labels(labels);
  }

  /** What a metric says now, by its labels; nothing when it was never touched. */
  async values<N extends CounterName | GaugeName>(name: N): Promise<{ labels: Partial<LabelsOf<N>>; value: number }[]> {
    const metric = this.registered.get(name) as Counter | Gauge | undefined;
    return ((await metric?.get())?.values ?? []) as { labels: Partial<LabelsOf<N>>; value: number }[];
  }

  /** Serves `GET /metrics`, on a port of its own so that it is never reachable through the public one. */
  async serve(port: number, host: string): Promise<MetricsServer> {
    const server = createServer((request, response) => {
      if (request.method !== 'GET' || request.url !== '/metrics') {
        response.writeHead(404).end();
        return;
      }
      this.registry.metrics().then(
        (text) => response.writeHead(200, { 'content-type': this.registry.contentType }).end(text),
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

  private register(name: MetricName): Counter | Gauge | Histogram {
    const known = this.registered.get(name);
    if (known) return known;
    const { type, help, labels, buckets }: MetricRow = metricTable[name];
    const options = { name, help, labelNames: [...labels], registers: [this.registry] };
    const metric =
      type === 'counter'
        ? new Counter(options)
        : type === 'gauge'
          ? new Gauge(options)
          : new Histogram({ ...options, buckets: [...(buckets ?? [])] });
    this.registered.set(name, metric);
    return metric;
  }
}

/** The listening side of `Metrics.serve`. */
export class MetricsServer {
  constructor(private readonly server: Server) {}

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
