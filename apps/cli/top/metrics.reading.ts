import { metricTable, type MetricName } from '#lgsp/telemetry';

export interface Sample {
  labels: Readonly<Record<string, string>>;
  value: number;
}

/** What one process said of its metrics at one time. */
export interface MetricsReading {
  url: string;
  /** Milliseconds of a clock that only goes forward. */
  atMs: number;
  samples: ReadonlyMap<string, readonly Sample[]>;
}

const readTimeoutMs = 5_000;
const lineShape = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/;
const labelShape = /(\w+)="((?:[^"\\]|\\.)*)"/g;
const escapes: Record<string, string> = { '\\n': '\n', '\\"': '"', '\\\\': '\\' };

/** Reads `GET /metrics` of one process. @throws Error naming the address */
export async function readMetrics(url: string, names: readonly MetricName[], signal: AbortSignal) {
  let text: string;
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(readTimeoutMs)]) });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    text = await response.text();
  } catch (cause) {
    throw new Error(`the metrics at ${url} cannot be read`, { cause });
  }
  return { url, atMs: performance.now(), samples: parseMetrics(text, names) } satisfies MetricsReading;
}

/** The samples of these metrics, by the name of the series: a histogram has several. */
export function parseMetrics(text: string, names: readonly MetricName[]): Map<string, Sample[]> {
  const series = new Set<string>(names.flatMap(seriesOf));
  const samples = new Map<string, Sample[]>();
  for (const line of text.split('\n')) {
    const [, name = '', given = '', value = ''] = lineShape.exec(line) ?? [];
    if (!series.has(name)) continue;
    const labels = Object.fromEntries(
      [...given.matchAll(labelShape)].map(([, label, quoted]) => [
        label!,
        quoted!.replaceAll(/\\[n"\\]/g, (escape) => escapes[escape]!),
      ]),
    );
    const known = samples.get(name);
    const sample = { labels, value: Number(value.replace('Inf', 'Infinity')) };
    if (known) known.push(sample);
    else samples.set(name, [sample]);
  }
  return samples;
}

function seriesOf(name: MetricName): string[] {
  return metricTable[name].type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name];
}
