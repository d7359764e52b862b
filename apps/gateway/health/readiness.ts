import { Inject, Injectable } from '@nestjs/common';
import { BusConnection } from '#lgsp/bus';
import { Recorder } from '#lgsp/recorder';
import { Admission } from '../admission/admission';
import { Catalogue } from '../catalogue/catalogue';
import { AcceptedJobs } from '../jobs/accepted.jobs';
import type { Connection } from '../catalogue/tracked.system';
import type { ConnectionReason, SystemStatus } from '../catalogue/connection.state';

export interface Part {
  status: SystemStatus;
  reason?: string;
}

export interface Readiness {
  status: SystemStatus;
  /** Of this gateway itself: the bus, the recorder, the limits and the like. */
  own: Record<string, Part>;
  connectors: Record<string, Part>;
}

/** Whether this gateway can serve, per part and with reasons. */
@Injectable()
export class ReadinessReader {
  constructor(
    @Inject(BusConnection) private readonly bus: BusConnection,
    @Inject(Catalogue) private readonly catalogue: Catalogue,
    @Inject(Admission) private readonly admission: Admission,
    @Inject(Recorder) private readonly recorder: Recorder,
    @Inject(AcceptedJobs) private readonly jobs: AcceptedJobs,
  ) {}

  /** A dead connector degrades, and does not take the door from the others; without the bus, or the stream of the
   * ledger, nothing can be served. */
  read(): Readiness {
    const bus: Part = this.bus.connected
      ? { status: 'up' }
      : { status: 'down', reason: 'the connection to NATS is lost' };
    const { stalled } = this.recorder;
    const records: Part = stalled ? { status: 'down', reason: stalled } : { status: 'up' };
    const reasons = Object.entries(this.admission.degraded);
    const admission = Object.fromEntries(reasons.map(([part, reason]) => [part, partWith(reason)]));
    const own = { bus, records, catalogue: partWith(this.catalogue.forgetful), ...admission, ...this.courier() };
    const connections = this.catalogue.connections();
    const connectors = Object.fromEntries(
      connections.map((connection) => [connection.entry.system, partOf(connection)]),
    );
    const all = [...Object.values(own), ...Object.values(connectors)];
    const down = [bus, records].some(({ status }) => status === 'down');
    const degraded = all.some(({ status }) => status !== 'up');
    return { status: down ? 'down' : degraded ? 'degraded' : 'up', own, connectors };
  }

  /** Only where commands are accepted for it. */
  private courier(): Record<string, Part> {
    if (!this.jobs.isOpen) return {};
    return { courier: partWith(this.catalogue.runs('courier') ? undefined : noCourier) };
  }
}

const noCourier = 'no courier answers: what is accepted waits, and no events are sent';
const reasonTexts: Record<ConnectionReason, string> = {
  'no-instance': 'no instance of the connector answers',
  'circuit-open': 'the outside system fails: the circuit is open',
  'circuit-half-open': 'the outside system failed: the circuit lets one call through to try it',
  'versions-differ': 'instances of different versions run',
};

const partWith = (reason: string | undefined): Part => (reason ? { status: 'degraded', reason } : { status: 'up' });
const partOf = ({ status, reason }: Connection): Part =>
  reason ? { status, reason: reasonTexts[reason] } : { status };
