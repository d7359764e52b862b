import { Controller, Header, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { BusError, languageOf } from '#lgsp/errors';
import type { JobView } from '#lgsp/jobs';
import { isTransactionId } from '#lgsp/records';
import { Reader } from '../admission/reader';
import { AcceptedJobs } from './accepted.jobs';

/** `POST /v1/transactions/{id}/cancel`: a client takes back what it sent and nobody passed on yet; an operator whatever waits. */
@Controller('v1/transactions')
export class CancelController {
  constructor(
    @Inject(Reader) private readonly reader: Reader,
    @Inject(AcceptedJobs) private readonly jobs: AcceptedJobs,
  ) {}

  @Post(':id/cancel')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async cancel(@Param('id') id: string, @Req() request: FastifyRequest): Promise<JobView> {
    const { id: who, role } = await this.reader.client(request);
    if (!isTransactionId(id)) throw new BusError('unknown-transaction');
    const scope = role === 'operator' ? { who } : { who, client: who };
    return this.jobs.cancel(id, scope, languageOf(request.headers['accept-language']));
  }
}
