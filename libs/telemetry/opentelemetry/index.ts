import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags, type Context } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TracerProvider,
  TraceIdRatioBasedSampler,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace';
import { isTraceParent, type SpanFacts, type Tracer } from '../trace';

export interface TracingOptions {
  /** Name of the process: `gateway`, `population`. */
  name: string;
  /** Share of new traces that is sampled, 0 to 1; a trace that another process began is followed as that one decided. */
  share: number;
}

/** Most spans that wait to be sent; beyond it they are dropped, and the calls go on. */
const waitingMax = 10_000;
const exportTimeoutMs = 5_000;
const stopTimeoutMs = 3_000;

/** Loaded only where tracing is configured. @param url of a collector that takes OTLP over HTTP, `http://host:4318/v1/traces` */
export function openTracer(url: string, options: TracingOptions): Tracer {
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: exportTimeoutMs });
  return tracerOver(new BatchSpanProcessor({ exporter, maxQueueSize: waitingMax }), options);
}

/** A tracer that hands its spans to the processor: for tests as well. */
export function tracerOver(processor: SpanProcessor, { name, share }: TracingOptions): Tracer {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': name, 'service.namespace': 'lgsp' }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
    spanProcessors: [processor],
  });
  const spans = provider.getTracer('lgsp');
  return {
    start(spanName, kind, parent, facts) {
      const attributes = attributesOf(facts);
      const options = { kind: kind === 'server' ? SpanKind.SERVER : SpanKind.CLIENT, attributes };
      const span = spans.startSpan(spanName, options, contextOf(parent));
      const { traceId, spanId, traceFlags } = span.spanContext();
      return {
        traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
        end(last) {
          span.setAttributes(attributesOf(last));
          if (last.code !== undefined && last.code !== 'ok') span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        },
      };
    },
    async stop() {
      await provider.forceFlush({ timeoutMillis: stopTimeoutMs });
      await provider.shutdown();
    },
  };
}

function contextOf(parent: string | undefined): Context {
  if (!isTraceParent(parent)) return ROOT_CONTEXT;
  const [, traceId, spanId, flags] = parent.split('-');
  const traceFlags = Number.parseInt(flags!, 16) & TraceFlags.SAMPLED;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId: traceId!, spanId: spanId!, traceFlags, isRemote: true });
}

const attributeNames: Record<keyof SpanFacts, string> = {
  system: 'lgsp.system',
  operation: 'lgsp.operation',
  transaction: 'lgsp.transaction',
  client: 'lgsp.client',
  code: 'lgsp.code',
  attempt: 'lgsp.attempt',
  status: 'http.response.status_code',
};

function attributesOf(facts: Partial<SpanFacts>): Record<string, string | number> {
  const known = Object.entries(facts).filter(
    (pair): pair is [keyof SpanFacts, string | number] => pair[1] !== undefined,
  );
  return Object.fromEntries(known.map(([fact, value]) => [attributeNames[fact], value]));
}
