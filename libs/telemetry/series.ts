/**
 * What is counted in a process, bound once and then only a number: counting costs an addition, and a scrape writes each line
 * with its labels ready. (prom-client, which still tells of the process itself, looks labels up at every count and takes twice
 * the time that a scrape may.)
 */

/** Most series of one metric in one process. Beyond it, further label sets are counted together, under `other`. */
export const seriesMax = 10_000;

/** A number that only grows. */
export class Counter {
  value = 0;

  inc(by = 1): void {
    if (!(by >= 0)) throw new RangeError('a counter only grows');
    this.value += by;
  }
}

/** A number that goes up and down. */
export class Gauge {
  value = 0;

  set(value: number): void {
    this.value = value;
  }

  inc(by = 1): void {
    this.value += by;
  }

  dec(by = 1): void {
    this.value -= by;
  }
}

/** How often values fell below each of some bounds. */
export class Histogram {
  sum = 0;
  /** Not cumulated: one of each bound, and of what is above them all. */
  readonly counts: number[];

  constructor(private readonly bounds: readonly number[]) {
    this.counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  observe(value: number): void {
    let nth = 0;
    while (nth < this.bounds.length && value > this.bounds[nth]!) nth++;
    this.counts[nth]!++;
    this.sum += value;
  }
}

type Series = Counter | Gauge | Histogram;
type Labels = Readonly<Record<string, string>>;

/** One metric with all its series, as Prometheus' text format has it. */
export class Family<S extends Series> {
  /** By the text of their labels: each series with the lines' beginnings. */
  private readonly series = new Map<string, { one: S; labels: Labels; heads: string[] }>();
  private readonly header: string;

  constructor(
    private readonly name: string,
    type: string,
    help: string,
    private readonly labelNames: readonly string[],
    private readonly make: () => S,
    private readonly bounds?: readonly number[],
  ) {
    this.header = `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${name} ${type}\n`;
  }

  get size(): number {
    return this.series.size;
  }

  /** The series of these labels; the same one for the same labels. */
  of(labels: Labels): S {
    const text = this.labelNames.map((label) => `${label}="${escaped(labels[label]!)}"`).join(',');
    const known = this.series.get(text);
    if (known) return known.one;
    if (this.series.size >= seriesMax && !this.isOther(labels)) return this.of(this.other());
    const one = this.make();
    this.series.set(text, { one, labels: { ...labels }, heads: this.headsOf(text) });
    return one;
  }

  /** Every series with its labels. */
  all(): Iterable<{ one: S; labels: Labels }> {
    return this.series.values();
  }

  /** Forgets all series: for what is measured anew as a whole. */
  clear(): void {
    this.series.clear();
  }

  text(): string {
    if (this.series.size === 0) return '';
    let text = this.header;
    for (const { one, heads } of this.series.values()) {
      if (one instanceof Histogram) text += histogramLines(one, heads);
      else text += `${heads[0]}${numberText(one.value)}\n`;
    }
    return text;
  }

  private headsOf(labels: string): string[] {
    if (!this.bounds) return [`${this.name}${labels && `{${labels}}`} `];
    const before = labels && `${labels},`;
    const buckets = [...this.bounds, Infinity].map(
      (bound) => `${this.name}_bucket{${before}le="${numberText(bound)}"} `,
    );
    return [...buckets, ...['sum', 'count'].map((part) => `${this.name}_${part}${labels && `{${labels}}`} `)];
  }

  private other(): Labels {
    return Object.fromEntries(this.labelNames.map((label) => [label, 'other']));
  }

  private isOther(labels: Labels): boolean {
    return this.labelNames.every((label) => labels[label] === 'other');
  }
}

function histogramLines({ counts, sum }: Histogram, heads: readonly string[]): string {
  let text = '';
  let below = 0;
  for (const [nth, count] of counts.entries()) text += `${heads[nth]}${(below += count)}\n`;
  return `${text}${heads.at(-2)}${numberText(sum)}\n${heads.at(-1)}${below}\n`;
}

/** Prometheus spells infinity its own way. */
const numberText = (value: number): string =>
  Number.isFinite(value) || Number.isNaN(value) ? `${value}` : infinity(value);
const infinity = (value: number): string => (value > 0 ? '+Inf' : '-Inf');

const escaped = (value: string): string =>
  /[\\"\n]/.test(value) ? value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n') : value;
