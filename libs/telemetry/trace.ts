/**
 * Traces of calls on their way: gateway → connector → outside system. Off, and nothing of OpenTelemetry loaded, unless a
 * process is told where to send them; then each step asks for a span and gets one, else nothing, which costs next to nothing.
 */

/** What a span may tell: this and nothing else, so that no personal data can get into a trace. */
export interface SpanFacts {
  system: string;
  operation: string;
  /** Id of the transaction. */
  transaction?: string;
  client?: string;
  /** Code of the error table, or `ok`. */
  code?: string;
  /** Which attempt at the outside system it is, from 1. */
  attempt?: number;
  /** HTTP status. */
  status?: number;
}

export interface Span {
  /** W3C trace context that names this span as the parent of what follows. */
  readonly traceparent: string;
  /** @param facts what is known at the end; `code` other than `ok` marks a failure */
  end(facts: Partial<SpanFacts>): void;
}

export interface Tracer {
  /** @param parent W3C trace context of the step before; without one a new trace begins, if it is sampled */
  start(name: string, kind: 'server' | 'client', parent: string | undefined, facts: SpanFacts): Span;
  /** Sends what is pending, and ends. */
  stop(): Promise<void>;
}

let tracer: Tracer | undefined;

/** Has this process traced by the given tracer; by none when it is undefined. */
export function useTracer(given: Tracer | undefined): void {
  tracer = given;
}

/** The span of a step, or nothing when this process is not traced: then a name that has to be made is not. */
export function startSpan(
  name: string | (() => string),
  kind: 'server' | 'client',
  parent: string | undefined,
  facts: SpanFacts,
): Span | undefined {
  return tracer?.start(typeof name === 'string' ? name : name(), kind, parent, facts);
}

const shape = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Whether it is a W3C trace context, and one that may be believed. */
export function isTraceParent(text: unknown): text is string {
  return typeof text === 'string' && shape.test(text);
}

/** The trace id in a W3C trace context, 32 hexadecimal digits. */
export function traceIdOf(traceparent: string): string {
  return traceparent.slice(3, 35);
}
