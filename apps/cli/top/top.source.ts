import type { Settings } from '../settings';
import { figuresBetween, metricsRead } from './connection.figures';
import { readMetrics, type MetricsReading } from './metrics.reading';
import { viewOf, type GatewayStatus, type TopView } from './top.view';

/** Rates are of this many readings, so that a quiet bus does not flicker. */
const readingsMax = 5;
const statusTimeoutMs = 5_000;

/**
 * Where the table comes from: how calls went from `GET /metrics` of every gateway (`LGSP_METRICS_URL`, several separated by
 * commas), what is connected and how from `GET /status` of the one at `LGSP_URL`.
 */
export class TopSource {
  private readonly gateway: string;
  private readonly metrics: readonly string[];
  private readonly readings: MetricsReading[][] = [];

  constructor(settings: Settings) {
    this.gateway = settings.get('LGSP_URL');
    this.metrics = settings
      .get('LGSP_METRICS_URL')
      .split(',')
      .map((url) => url.trim());
  }

  /** Reads once more; the first time there is nothing to compare with. @throws Error naming who does not answer */
  async read(signal: AbortSignal): Promise<TopView | undefined> {
    const [status, ...readings] = await Promise.all([
      this.status(signal),
      ...this.metrics.map((url) => readMetrics(url, metricsRead, signal)),
    ]);
    this.readings.push(readings);
    if (this.readings.length > readingsMax) this.readings.shift();
    const [before] = this.readings;
    if (!before || before === readings) return undefined;
    const seconds = (readings[0]!.atMs - before[0]!.atMs) / 1_000;
    return viewOf(this.gateway, status, figuresBetween(before, readings), seconds);
  }

  private async status(signal: AbortSignal): Promise<GatewayStatus> {
    try {
      const response = await fetch(`${this.gateway}/status?format=json`, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(statusTimeoutMs)]),
      });
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      return (await response.json()) as GatewayStatus;
    } catch (cause) {
      throw new Error(`the gateway at ${this.gateway} does not answer`, { cause });
    }
  }
}
