import { parseOperationSubject } from '#lgsp/bus';
import { isRecord, readJson } from './json.text';
import { SchemaReading } from './schema.reading';

/** One endpoint as `$SRV.INFO` tells it, unread. */
export interface DescribedEndpoint {
  name?: unknown;
  subject?: unknown;
  queue_group?: unknown;
  metadata?: Record<string, unknown>;
}

/** What `$SRV.INFO` of an instance tells. */
export interface ServiceInfo {
  type?: unknown;
  name: string;
  id: string;
  version?: unknown;
  description?: unknown;
  metadata?: Record<string, unknown>;
  endpoints?: DescribedEndpoint[];
}

/** An operation of the connector that is checked, as its description tells it. */
export class DescribedOperation {
  readonly kind: 'query' | 'command';
  readonly system: string;
  readonly major: string;
  readonly timeoutMs: number;
  readonly requires: readonly string[];
  /** What is not said to be public is treated as personal. */
  readonly sensitivity: 'public' | 'personal';
  readonly input: SchemaReading;
  readonly output: SchemaReading;
  /** Undefined when there is none, or none that can be read. */
  readonly example?: { input?: unknown; output?: unknown };

  constructor(
    readonly subject: string,
    readonly metadata: Record<string, unknown>,
  ) {
    const address = parseOperationSubject(subject)!;
    this.system = address.system;
    this.major = address.version;
    this.kind = metadata['kind'] === 'command' ? 'command' : 'query';
    const timeoutMs = Number(metadata['timeoutMs'] ?? timeoutMsDefault);
    this.timeoutMs = timeoutMs >= 1 && timeoutMs <= timeoutMsMax ? timeoutMs : timeoutMsDefault;
    this.requires = namesOf(metadata['requires']) ?? [];
    this.sensitivity = metadata['sensitivity'] === 'public' ? 'public' : 'personal';
    this.input = new SchemaReading(metadata['input']);
    this.output = new SchemaReading(metadata['output']);
    const example = readJson(metadata['example']);
    if (isRecord(example)) this.example = example;
  }
}

export const timeoutMsDefault = 10_000;
export const timeoutMsMax = 120_000;

/** A JSON array of names, or names with commas between them; undefined when it is neither. */
export function namesOf(given: unknown): string[] | undefined {
  if (given === undefined || given === '') return [];
  if (typeof given !== 'string') return undefined;
  if (!given.startsWith('[')) return given.split(',').map((name) => name.trim());
  const names = readJson(given);
  return Array.isArray(names) && names.every((name) => typeof name === 'string') ? names : undefined;
}
