import { circuitStates, type CircuitName } from '#lgsp/bus';
import type { Logger, Metrics } from '#lgsp/telemetry';
import type { ConnectorConfig } from '../connector.config';

/** What an upstream client gets from the process it runs in; injected by `runConnector`. */
export class UpstreamRuntime {
  private readonly closers: (() => Promise<void>)[] = [];
  private readonly circuits = new Map<object, number>();
  private readonly certificates = new Map<string, number>();

  constructor(
    readonly system: string,
    readonly config: ConnectorConfig,
    readonly log: Logger,
    readonly metrics: Metrics,
  ) {}

  /**
   * Exports the worst circuit of the system: one outside system may have several addresses, each with its own circuit.
   * @param state 0 closed, 1 half-open, 2 open
   */
  reportCircuit(circuit: object, state: 0 | 1 | 2): void {
    this.circuits.set(circuit, state);
    this.metrics.gauge('lgsp_circuit_state', { system: this.system }).set(this.worstCircuit());
  }

  /** The same for whoever asks this connector over the bus. */
  get circuit(): CircuitName {
    return circuitStates[this.worstCircuit()]!;
  }

  private worstCircuit(): number {
    return Math.max(0, ...this.circuits.values());
  }

  /**
   * Exports when the first of the system's certificates expires: each of its addresses has its own.
   * @param origin whose certificate it is: several upstream clients may call one address, and any of them sees it renewed
   * @param expiresAt epoch milliseconds
   */
  reportCertificate(origin: string, expiresAt: number): void {
    this.certificates.set(origin, expiresAt);
    const first = Math.min(...this.certificates.values()) / 1_000;
    this.metrics.gauge('lgsp_upstream_certificate_expiry_timestamp_seconds', { system: this.system }).set(first);
  }

  /** Has a resource closed when the connector stops. */
  onStop(close: () => Promise<void>): void {
    this.closers.push(close);
  }

  async stop(): Promise<void> {
    await Promise.all(this.closers.map((close) => close()));
  }
}
