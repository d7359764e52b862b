import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { languageOf } from '#lgsp/errors';
import { Reader } from '../admission/reader';
import { readEventQuery } from './event.query';
import { EventReaders } from './event.readers';
import { EventReading } from './event.reading';

/** `GET /v1/events`: what happened after the answer, for the client that asks, in order; an operator those of all, or of one. */
@Controller('v1/events')
export class EventsController {
  constructor(
    @Inject(Reader) private readonly reader: Reader,
    @Inject(EventReading) private readonly reading: EventReading,
    @Inject(EventReaders) private readonly readers: EventReaders,
  ) {}

  @Get()
  async events(
    @Req() request: FastifyRequest,
    @Query() query: Record<string, unknown>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { id, role } = await this.reader.client(request);
    const { accept = '', 'last-event-id': last, 'accept-language': language } = request.headers;
    const resumed = typeof last === 'string' && last !== '' ? last : undefined;
    const mayNameClient = role === 'operator';
    const asked = readEventQuery(query, { mayNameClient, language: languageOf(language), resumed });
    const question = mayNameClient ? asked : { ...asked, client: id };
    const leave = this.readers.enter(id);
    try {
      if (accept.includes('text/event-stream')) return await this.reading.stream(question, reply, this.readers.signal);
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const page = await this.reading.page(question, AbortSignal.any([this.readers.signal, gone.signal]));
      reply.header('cache-control', 'no-store').send(page);
    } finally {
      leave();
    }
  }
}
