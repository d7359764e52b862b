import { Controller, Get, HttpStatus, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ReadinessReader } from './readiness';

/** Alive, and able to serve: per part, with reasons. */
@Controller()
export class HealthController {
  constructor(@Inject(ReadinessReader) private readonly readiness: ReadinessReader) {}

  @Get('healthz')
  alive(): object {
    return { status: 'ok' };
  }

  @Get('readyz')
  ready(@Res({ passthrough: true }) reply: FastifyReply): object {
    const { status, own, connectors } = this.readiness.read();
    if (status === 'down') reply.status(HttpStatus.SERVICE_UNAVAILABLE);
    return { status, parts: { ...own, connectors } };
  }
}
