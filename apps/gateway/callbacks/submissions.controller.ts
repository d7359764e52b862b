import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Reader } from '../admission/reader';
import { Submissions } from './submissions';

/** `GET /v1/submissions/{id}`: the body of a dossier that was handed in, for the client that an event told of it. */
@Controller('v1/submissions')
export class SubmissionsController {
  constructor(
    @Inject(Reader) private readonly reader: Reader,
    @Inject(Submissions) private readonly submissions: Submissions,
  ) {}

  @Get(':id')
  async fetch(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { id: client } = await this.reader.client(request);
    const { mediaType, body } = await this.submissions.fetch(id, client);
    reply.header('content-type', mediaType).header('cache-control', 'no-store').send(body);
  }
}
