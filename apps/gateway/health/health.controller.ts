import { Controller, Get, HttpStatus, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { BusConnection } from '#lgsp/bus';
import { LimitGate } from '../limits/limit.gate';
import { Catalogue } from '../catalogue/catalogue';
import { AccessTokens } from '../tokens/access.tokens';

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
    @Inject(LimitGate) private readonly limits: LimitGate,
    @Inject(AccessTokens) private readonly tokens: AccessTokens,
  ) {}

  @Get('healthz')
  alive(): object {
    return { status: 'ok' };
  }

  /** A dead connector degrades, and does not take the door from the others; without the bus nothing can be served. */
  @Get('readyz')
  ready(@Res({ passthrough: true }) reply: FastifyReply): object {
    const bus: Part = this.bus.connected
      ? { status: 'up' }
      : { status: 'down', reason: 'the connection to NATS is lost' };
    const { forgetful } = this.catalogue;
    const catalogue = partWith(forgetful);
    const limiter = partWith(this.limits.degraded);
    const { outside } = this.tokens;
    const issuer = outside && { issuer: partWith(outside.degraded) };
    const systems = this.catalogue.list();
    const connectors = Object.fromEntries(systems.map(({ system, status }) => [system, partOf(status)]));
    const degraded =
      [catalogue, limiter, ...Object.values(issuer ?? {})].some(({ status }) => status !== 'up') ||
      systems.some(({ status }) => status !== 'up');
    if (bus.status === 'down') reply.status(HttpStatus.SERVICE_UNAVAILABLE);
    return {
      status: bus.status === 'down' ? 'down' : degraded ? 'degraded' : 'up',
      parts: { bus, catalogue, limiter, ...issuer, connectors },
    };
  }
}

const partWith = (reason: string | undefined): Part => (reason ? { status: 'degraded', reason } : { status: 'up' });

function partOf(status: Part['status']): Part {
  if (status === 'down') return { status, reason: 'no instance of the connector answers' };
  return status === 'degraded' ? { status, reason: 'instances of different versions run' } : { status };
}
