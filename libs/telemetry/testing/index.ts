import { InMemorySpanExporter, SimpleSpanProcessor, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { tracerOver } from '../opentelemetry';
import { useTracer, type Tracer } from '../trace';

/** Traces of a test, kept in memory: everything in this process is traced until `stop`. */
export class TestTracing {
  private readonly exporter = new InMemorySpanExporter();
  private readonly tracer: Tracer;

  constructor(share = 1) {
    this.tracer = tracerOver(new SimpleSpanProcessor({ exporter: this.exporter }), { name: 'test', share });
    useTracer(this.tracer);
  }

  /** The spans that have ended, in the order in which they began; of those of one millisecond the outer ones first. */
  spans(): ReadableSpan[] {
    const ended = this.exporter.getFinishedSpans();
    const parents = new Map(ended.map((span) => [span.spanContext().spanId, span.parentSpanContext?.spanId]));
    const depth = (id: string | undefined): number => (id === undefined ? 0 : 1 + depth(parents.get(id)));
    const began = ({ startTime: [seconds, nanoseconds] }: ReadableSpan): number => seconds * 1e3 + nanoseconds / 1e6;
    return ended.toSorted(
      (a, b) => began(a) - began(b) || depth(a.spanContext().spanId) - depth(b.spanContext().spanId),
    );
  }

  async stop(): Promise<void> {
    useTracer(undefined);
    await this.tracer.stop();
  }
}
