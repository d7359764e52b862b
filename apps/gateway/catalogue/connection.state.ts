import { circuitStates, type CircuitName } from '#lgsp/bus';
import type { SystemEntry } from './service.description';

export type SystemStatus = 'up' | 'down' | 'degraded';

/** Why a connection is not simply up. */
export type ConnectionReason = 'no-instance' | 'circuit-open' | 'circuit-half-open' | 'versions-differ';

/** What is known of one running instance of a connector. */
export interface InstanceState {
  entry: SystemEntry;
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
  return isMixed(instances) ? { status: 'degraded', reason: 'versions-differ', circuit } : { status: 'up', circuit };
}

/** One operation is offered by connectors of two versions: a change is under way, or somebody was forgotten. */
function isMixed(instances: readonly InstanceState[]): boolean {
  const versions = new Map<string, string>();
  for (const { entry } of instances) {
    for (const { subject } of entry.operations) {
      if ((versions.get(subject) ?? entry.version) !== entry.version) return true;
      versions.set(subject, entry.version);
    }
  }
  return false;
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
