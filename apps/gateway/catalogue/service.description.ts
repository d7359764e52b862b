import {
  ageMaxMsDefault,
  ageMaxMsLeast,
  ageMaxMsLimit,
  attemptsMaxDefault,
  attemptsMaxLimit,
  contextNames,
  parseCallbackSubject,
  parseOperationSubject,
  type ContextName,
  type SeenEndpoint,
  type SeenInstance,
} from '#lgsp/bus';
import { sensitivities, type Sensitivity } from '#lgsp/telemetry';
import { parseFullDate } from '#lgsp/vietnam';
import { readCallback, type CallbackEntry } from './callback.description';

/** One operation as the catalogue shows it and the gateway routes it (CONTRACT of GET /v1/services). */
export interface OperationEntry {
  operation: string;
  /** Semantic version; its major is part of the subject. */
  version: string;
  kind: 'query' | 'command';
  summary: string;
  summaryVi?: string;
  requires: ContextName[];
  timeoutMs: number;
  sensitivity: Sensitivity;
  input: unknown;
  output: unknown;
  example?: unknown;
  /** Days in Vietnam, `2026-11-25`: since when it should not be used any more, and on which it is taken away. */
  deprecatedSince?: string;
  /** Of a command: its callers never wait for it. */
  alwaysAsync?: boolean;
  /** Of a command that is sent later: how often at most, and how long after it was accepted. */
  attemptsMax?: number;
  ageMaxMs?: number;
  sunsetOn?: string;
  subject: string;
}

export interface SystemEntry {
  system: string;
  version: string;
  owner: string;
  summary: string;
  summaryVi?: string;
  operations: OperationEntry[];
  /** What the outside system sends in by itself; absent where it sends nothing. */
  callbacks?: CallbackEntry[];
}

const timeoutMsDefault = 10_000;
const timeoutMsMax = 120_000;
const textMax = 2_000;
/** Deepest nesting of a schema or an example: whoever reads the catalogue walks through it. */
const depthMax = 40;

/**
 * Reads what an instance tells of itself into its systems. What is missing or malformed gets the default of the protocol
 * (docs/protocol.md) and is named in `faults`: a bad description harms nobody else.
 */
export function readDescription(instance: SeenInstance): { systems: SystemEntry[]; faults: string[] } {
  const systems = new Map<string, SystemEntry>();
  const faults: string[] = [];
  for (const endpoint of instance.endpoints) {
    const callback = parseCallbackSubject(endpoint.subject);
    const address = callback ?? parseOperationSubject(endpoint.subject);
    if (!address) continue; // An outcome, or something that is no operation.
    const entry = systems.get(address.system) ?? {
      system: address.system,
      version: instance.version,
      owner: text(instance.metadata['owner']) ?? '',
      summary: text(instance.metadata['summary']) ?? text(instance.description) ?? '',
      summaryVi: text(instance.metadata['summaryVi']),
      operations: [],
    };
    systems.set(address.system, entry);
    if (callback) (entry.callbacks ??= []).push(readCallback(endpoint, callback.operation, faults));
    else entry.operations.push(readEndpoint(endpoint, address.operation, instance.version, faults));
  }
  return { systems: [...systems.values()], faults };
}

function readEndpoint(endpoint: SeenEndpoint, operation: string, version: string, faults: string[]): OperationEntry {
  const { metadata, subject } = endpoint;
  const wrong = (field: string): undefined => void faults.push(`${subject}: ${field}`);
  const kind = metadata['kind'] ?? 'query';
  const timeoutMs = Number(metadata['timeoutMs'] ?? timeoutMsDefault);
  const sensitivity = metadata['sensitivity'] ?? 'personal';
  const json = (field: string): unknown => {
    if (metadata[field] === undefined) return undefined;
    try {
      const value: unknown = JSON.parse(metadata[field]);
      return isDeeper(value, depthMax) ? wrong(field) : value;
    } catch {
      return wrong(field);
    }
  };
  const day = (field: string): string | undefined => {
    if (metadata[field] === undefined) return undefined;
    return isDay(metadata[field]) ? metadata[field].slice(0, 10) : wrong(field);
  };
  if (kind !== 'query' && kind !== 'command') wrong('kind');
  if (!(timeoutMs >= 1 && timeoutMs <= timeoutMsMax)) wrong('timeoutMs');
  if (!sensitivities.includes(sensitivity as Sensitivity)) wrong('sensitivity');
  return {
    operation,
    version: text(metadata['version']) ?? version,
    // What might have an effect is treated as if it had one.
    kind: kind === 'query' ? 'query' : 'command',
    summary: text(metadata['summary']) ?? '',
    summaryVi: text(metadata['summaryVi']),
    requires: readRequires(metadata['requires'], () => wrong('requires')),
    timeoutMs: timeoutMs >= 1 && timeoutMs <= timeoutMsMax ? timeoutMs : timeoutMsDefault,
    sensitivity: sensitivities.includes(sensitivity as Sensitivity) ? (sensitivity as Sensitivity) : 'personal',
    input: json('input') ?? {},
    output: json('output') ?? {},
    example: json('example'),
    ...(kind === 'query' ? {} : readDelivery(metadata, wrong)),
    deprecatedSince: day('deprecatedSince'),
    sunsetOn: day('sunsetOn'),
    subject,
  };
}

type Delivery = Pick<OperationEntry, 'alwaysAsync' | 'attemptsMax' | 'ageMaxMs'>;

function readDelivery(metadata: Record<string, string>, wrong: (field: string) => undefined): Delivery {
  const bounded = (field: string, least: number, most: number, otherwise: number): number => {
    const value = Number(metadata[field] ?? otherwise);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    wrong(field);
    return otherwise;
  };
  return {
    ...(metadata['delivery'] === 'async' ? { alwaysAsync: true } : {}),
    attemptsMax: bounded('attemptsMax', 1, attemptsMaxLimit, attemptsMaxDefault),
    ageMaxMs: bounded('ageMaxMs', ageMaxMsLeast, ageMaxMsLimit, ageMaxMsDefault),
  };
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((part) => isDeeper(part, levels - 1));
}

/** A JSON array, or names separated by commas. */
function readRequires(given: string | undefined, wrong: () => void): ContextName[] {
  if (!given) return [];
  let names: unknown[] = given.split(',').map((name) => name.trim());
  if (given.startsWith('[')) {
    try {
      names = JSON.parse(given) as unknown[];
    } catch {
      wrong();
      return [];
    }
  }
  const known = names.filter((name): name is ContextName => contextNames.includes(name as ContextName));
  if (known.length < names.length) wrong();
  return known;
}

/** A day; a time on it is left off. */
const isDay = (value: unknown): value is string => typeof value === 'string' && parseFullDate(value.slice(0, 10)).ok;

const text = (value: string | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value.slice(0, textMax) : undefined;
