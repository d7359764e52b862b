import { Inject, Injectable } from '@nestjs/common';
import type { CircuitName } from '#lgsp/bus';
import { errorTable, type ErrorCode, type Fault, type Text } from '#lgsp/errors';
import { Metrics } from '#lgsp/telemetry';
import { nowInVietnam } from '#lgsp/vietnam';
import { Catalogue } from '../catalogue/catalogue';
import type { Connection } from '../catalogue/tracked.system';
import type { ConnectionReason, SystemStatus } from '../catalogue/connection.state';
import { ReadinessReader, type Part } from '../health/readiness';
import { LastFailures } from './last.failures';

/** One connection, as `GET /status` shows it. Times are those of Vietnam. */
export interface ConnectionStatus {
  system: string;
  state: SystemStatus;
  reason?: ConnectionReason;
  /** Since when this gateway has seen it so. */
  since: string;
  circuit?: CircuitName;
  /** Calls that are admitted and not answered yet. */
  inFlight: number;
  /** The newest fault, of the bus or of the outside system: its class only. */
  lastError?: { code: ErrorCode; fault: Fault; at: string };
}

export interface Status {
  status: SystemStatus;
  at: string;
  parts: Record<string, Part>;
  connections: ConnectionStatus[];
}

/** How every connection fares as this gateway sees it: from the catalogue, the gateway's metrics and the answers it gave. */
@Injectable()
export class StatusBoard {
  constructor(
    @Inject(Catalogue) private readonly catalogue: Catalogue,
    @Inject(ReadinessReader) private readonly readiness: ReadinessReader,
    @Inject(Metrics) private readonly metrics: Metrics,
    @Inject(LastFailures) private readonly failures: LastFailures,
  ) {}

  read(): Status {
    const inFlight = new Map(
      this.metrics.values('lgsp_inflight').map(({ labels: { system }, value }) => [system, value]),
    );
    const { status, own: parts } = this.readiness.read();
    const connections = this.catalogue
      .connections()
      .map((connection) => this.show(connection, inFlight.get(connection.entry.system) ?? 0))
      .toSorted((a, b) => urgency(b) - urgency(a));
    return { status, at: nowInVietnam(new Date()), parts, connections };
  }

  /** How systems call themselves. */
  names(): ReadonlyMap<string, Text> {
    const entries = this.catalogue.connections().map(({ entry }) => entry);
    return new Map(
      entries.map(({ system, summary, summaryVi }) => [system, { en: summary, vi: summaryVi ?? summary }]),
    );
  }

  private show({ entry, status, reason, circuit, since }: Connection, inFlight: number): ConnectionStatus {
    const { system } = entry;
    const failure = this.failures.of(system);
    return {
      system,
      state: status,
      reason,
      since: nowInVietnam(new Date(since)),
      circuit,
      inFlight,
      lastError: failure && {
        code: failure.code,
        fault: errorTable[failure.code].fault,
        at: nowInVietnam(new Date(failure.at)),
      },
    };
  }
}

/** What is sick comes first. */
const urgency = ({ state }: ConnectionStatus): number => ['up', 'degraded', 'down'].indexOf(state);
