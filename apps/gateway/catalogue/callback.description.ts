import type { SeenEndpoint } from '#lgsp/bus';
import { callbackRefusals } from '#lgsp/kit';
import { sensitivities, type Sensitivity } from '#lgsp/telemetry';

/** One kind of callback as its connector tells of it, and as the gateway takes it in. */
export interface CallbackEntry {
  kind: string;
  /** What the outside system puts at the end of the address where it cannot be told the kind. */
  alias?: string;
  summary: string;
  summaryVi?: string;
  /** How the outside system proves that it is the one, in words. */
  scheme: string;
  schemeVi?: string;
  bodyBytesMax: number;
  timeoutMs: number;
  sensitivity: Sensitivity;
  mediaTypes: string[];
  /** HTTP headers that the connector is given, in lower case. */
  headers: string[];
  example?: unknown;
  subject: string;
}

/** How a callback ends: taken, refused by its connector, kept out by the door, or not to be answered for now. */
export const callbackResults = ['accepted', ...callbackRefusals, 'blocked', 'failed'] as const;
export type CallbackResult = (typeof callbackResults)[number];

const textMax = 2_000;
const listMax = 10;
const defaults = { bodyBytesMax: 262_144, timeoutMs: 10_000, mediaTypes: ['application/json'] };
const limits = { bodyBytesMax: 8_000_000, timeoutMs: 120_000 };

/** Reads what an instance tells of a kind of callback; what is missing or malformed gets the default of the protocol. */
export function readCallback({ metadata, subject }: SeenEndpoint, kind: string, faults: string[]): CallbackEntry {
  const wrong = (field: string): undefined => void faults.push(`${subject}: ${field}`);
  const bounded = (field: keyof typeof limits): number => {
    const value = Number(metadata[field] ?? defaults[field]);
    if (Number.isInteger(value) && value >= 1 && value <= limits[field]) return value;
    wrong(field);
    return defaults[field];
  };
  const json = (field: string): unknown => {
    try {
      return metadata[field] === undefined ? undefined : (JSON.parse(metadata[field]) as unknown);
    } catch {
      return wrong(field);
    }
  };
  const list = (field: string, shape: RegExp): string[] | undefined => {
    const value = json(field);
    if (value === undefined) return undefined;
    const isList = Array.isArray(value) && value.length <= listMax;
    if (isList && value.every((text) => typeof text === 'string' && shape.test(text))) return value as string[];
    return wrong(field);
  };
  const { alias, sensitivity = 'personal' } = metadata;
  const isAlias = alias !== undefined && /^[A-Za-z][\w-]{0,63}$/.test(alias);
  if (alias !== undefined && !isAlias) wrong('alias');
  if (!sensitivities.includes(sensitivity as Sensitivity)) wrong('sensitivity');
  return {
    kind,
    ...(isAlias ? { alias } : {}),
    summary: text(metadata['summary']) ?? '',
    summaryVi: text(metadata['summaryVi']),
    scheme: text(metadata['scheme']) ?? '',
    schemeVi: text(metadata['schemeVi']),
    bodyBytesMax: bounded('bodyBytesMax'),
    timeoutMs: bounded('timeoutMs'),
    sensitivity: sensitivities.includes(sensitivity as Sensitivity) ? (sensitivity as Sensitivity) : 'personal',
    mediaTypes: list('mediaTypes', /^[a-z0-9.+-]+\/[a-z0-9.+-]+$/) ?? defaults.mediaTypes,
    headers: list('headers', /^[a-z0-9-]{1,60}$/) ?? [],
    example: json('example'),
    subject,
  };
}

const text = (value: string | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value.slice(0, textMax) : undefined;
