import type { Logger, Metrics } from '#lgsp/telemetry';
import type { ConnectorConfig } from '../connector.config';

/** What an upstream client gets from the process it runs in; injected by `runConnector`. */
export class UpstreamRuntime {
  private readonly closers: (() => Promise<void>)[] = [];

  constructor(
    readonly system: string,
    readonly config: ConnectorConfig,
    readonly log: Logger,
    readonly metrics: Metrics,
  ) {}

  /** Has a resource closed when the connector stops. */
  onStop(close: () => Promise<void>): void {
    this.closers.push(close);
  }

  async stop(): Promise<void> {
    await Promise.all(this.closers.map((close) => close()));
  }
}
