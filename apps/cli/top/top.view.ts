import type { Figures } from './connection.figures';

/** The part of `GET /status` that is shown. */
export interface GatewayStatus {
  status: string;
  at: string;
  parts: Record<string, { status: string; reason?: string }>;
  connections: {
    system: string;
    state: 'up' | 'degraded' | 'down';
    reason?: string;
    since: string;
    circuit?: string;
    lastError?: { code: string; fault: string; at: string };
  }[];
}

/** One connection with its state and its figures; the form of `--json`. */
export type TopRow = GatewayStatus['connections'][number] & Figures;

export interface TopView {
  at: string;
  /** The gateway whose states these are. */
  gateway: string;
  /** The time that the rates are of. */
  seconds: number;
  /** Parts of the gateway that are not up. */
  sick: { part: string; status: string; reason?: string }[];
  connections: TopRow[];
}

const idle: Figures = { perSecond: 0, inFlight: 0 };

export function viewOf(
  gateway: string,
  { at, parts, connections }: GatewayStatus,
  figures: ReadonlyMap<string, Figures>,
  seconds: number,
): TopView {
  const sick = Object.entries(parts)
    .filter(([, { status }]) => status !== 'up')
    .map(([part, { status, reason }]) => ({ part, status, reason }));
  const rows = connections.map(({ system, state, reason, since, circuit, lastError }) => ({
    system,
    state,
    reason,
    since,
    circuit,
    lastError,
    ...(figures.get(system) ?? idle),
  }));
  return { at, gateway, seconds, sick, connections: rows };
}
