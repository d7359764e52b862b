import { circuitStates, type CircuitName } from '#lgsp/bus';

export type SystemStatus = 'up' | 'down' | 'degraded';

/** Why a connection is not simply up. */
export type ConnectionReason = 'no-instance' | 'circuit-open' | 'circuit-half-open' | 'versions-differ';

/** What is known of one running instance of a connector. */
export interface InstanceState {
  version: string;
  /** As the instance says itself; a connector of another make need not. */
  circuit?: CircuitName;
}

export interface ConnectionState {
  status: SystemStatus;
  reason?: ConnectionReason;
  /** The worst of its instances. */
  circuit?: CircuitName;
}

/** How a connection fares, of its instances: none is there, the outside system fails, or a change is under way. */
export function stateOf(instances: readonly InstanceState[]): ConnectionState {
  if (instances.length === 0) return { status: 'down', reason: 'no-instance' };
  const circuit = worst(instances.map((instance) => instance.circuit));
  if (circuit === 'open' || circuit === 'half-open') {
    return { status: 'degraded', reason: `circuit-${circuit}`, circuit };
  }
  // Instances of different versions: a change is under way, or somebody was forgotten.
  const mixed = new Set(instances.map(({ version }) => version)).size > 1;
  return mixed ? { status: 'degraded', reason: 'versions-differ', circuit } : { status: 'up', circuit };
}

/** A circuit that tries again now and then is the same trouble all the time. */
export function isSameTrouble(a: ConnectionState, b: ConnectionState): boolean {
  const trouble = ({ status, reason }: ConnectionState): string =>
    reason?.startsWith('circuit') ? 'circuit' : (reason ?? status);
  return trouble(a) === trouble(b);
}

/** The circuit that an instance tells of with its endpoints, the worst of them; undefined when it tells of none. */
export function circuitIn(data: readonly unknown[]): CircuitName | undefined {
  return worst(data.map((facts) => circuitStates.find((name) => name === (facts as Facts)?.circuit)));
}

type Facts = { circuit?: unknown } | null | undefined;

function worst(circuits: readonly (CircuitName | undefined)[]): CircuitName | undefined {
  return circuitStates[Math.max(...circuits.map((circuit) => (circuit ? circuitStates.indexOf(circuit) : -1)))];
}
