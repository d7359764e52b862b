import type { HeaderPairs, ServiceProbe } from '#lgsp/bus';
import type { Verdicts } from './conformance.report';
import type { RecordedSchemas } from './versions/schema.record';

/** The process of the connector, where the checker may stop it. */
export interface CheckedProcess {
  /** Sends SIGTERM. */
  stop(): void;
  /** Exit code; null when a signal ended it. */
  exited: Promise<number | null>;
  /** What it wrote so far; undefined when that cannot be read. */
  log?(): string;
}

export interface CheckOptions {
  /** `weather`, `lgsp.weather`, `lgsp.weather.v1` or a whole subject. */
  target: string;
  /** Whether commands are sent: they have effects, so only where the connector stands before a sandbox. */
  commands?: boolean;
  /** Headers in place of the invented ones. */
  headers?: HeaderPairs;
  /** The short deadline that is tried, in milliseconds. */
  shortMs?: number;
  /** How much later than promised an answer may come before it counts as late: the way, and a busy machine. */
  graceMs?: number;
  /** Longest wait for the connector to be there. */
  appearMs?: number;
  /** Longest wait for its process to end. */
  stopMs?: number;
  process?: CheckedProcess;
  /** What callers rely on, as it was recorded before. */
  recorded?: RecordedSchemas;
  /** After each step, for a progress bar. */
  onProgress?: (done: number, total: number) => void;
}

/** What every check of one run has at hand. */
export interface CheckRun {
  probe: ServiceProbe;
  verdicts: Verdicts;
  options: Required<Omit<CheckOptions, 'process' | 'recorded' | 'onProgress'>> &
    Pick<CheckOptions, 'process' | 'recorded'>;
}

export const checkDefaults = {
  commands: false,
  headers: {},
  shortMs: 1_000,
  graceMs: 1_000,
  appearMs: 10_000,
  stopMs: 30_000,
} as const;
