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

  /** The spans that have ended, in the order in which they began. */
  spans(): ReadableSpan[] {
    const began = ({ startTime: [seconds, nanoseconds] }: ReadableSpan): number => seconds * 1e9 + nanoseconds;
    return this.exporter.getFinishedSpans().toSorted((a, b) => began(a) - began(b));
  }

  async stop(): Promise<void> {
    useTracer(undefined);
    await this.tracer.stop();
  }
}
