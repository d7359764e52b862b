import { Controller, Get, HttpStatus, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { BusConnection } from '#lgsp/bus';
import { Recorder } from '#lgsp/recorder';
import { Admission } from '../admission/admission';
import { Catalogue } from '../catalogue/catalogue';

interface Part {
  status: 'up' | 'degraded' | 'down';
  reason?: string;
}

/** Alive, and able to serve: per part, with reasons. */
@Controller()
export class HealthController {
  constructor(
    @Inject(BusConnection) private readonly bus: BusConnection,
    @Inject(Catalogue) private readonly catalogue: Catalogue,
    @Inject(Admission) private readonly admission: Admission,
    @Inject(Recorder) private readonly recorder: Recorder,
  ) {}

  @Get('healthz')
  alive(): object {
    return { status: 'ok' };
  }

  /** A dead connector degrades, and does not take the door from the others; without the bus, or the stream of the
   * ledger, nothing can be served. */
  @Get('readyz')
  ready(@Res({ passthrough: true }) reply: FastifyReply): object {
    const bus: Part = this.bus.connected
      ? { status: 'up' }
      : { status: 'down', reason: 'the connection to NATS is lost' };
    const { stalled } = this.recorder;
    const records: Part = stalled ? { status: 'down', reason: stalled } : { status: 'up' };
    const { forgetful } = this.catalogue;
    const catalogue = partWith(forgetful);
    const reasons = Object.entries(this.admission.degraded);
    const admission = Object.fromEntries(reasons.map(([part, reason]) => [part, partWith(reason)]));
    const systems = this.catalogue.list();
    const connectors = Object.fromEntries(systems.map(({ system, status }) => [system, partOf(status)]));
    const degraded =
      [...Object.values(admission), catalogue].some(({ status }) => status !== 'up') ||
      systems.some(({ status }) => status !== 'up');
    const down = [bus, records].some(({ status }) => status === 'down');
    if (down) reply.status(HttpStatus.SERVICE_UNAVAILABLE);
    return {
      status: down ? 'down' : degraded ? 'degraded' : 'up',
      parts: { bus, records, catalogue, ...admission, connectors },
    };
  }
}

const partWith = (reason: string | undefined): Part => (reason ? { status: 'degraded', reason } : { status: 'up' });

function partOf(status: Part['status']): Part {
  if (status === 'down') return { status, reason: 'no instance of the connector answers' };
  return status === 'degraded' ? { status, reason: 'instances of different versions run' } : { status };
}
