import { createHash } from 'node:crypto';
import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { chosenLanguage } from '../openapi/chosen.language';
import { StatusBoard } from './status.board';
import { statusPage } from './status.page';
import { statusStyle } from './status.style';

/** The page has one style, ours; no script, and nothing from anywhere else. */
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(statusStyle).digest('base64')}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** `GET /status`: for people without Grafana. Open to anybody, as the catalogue is, so it tells classes and no details. */
@Controller('status')
export class StatusController {
  constructor(@Inject(StatusBoard) private readonly board: StatusBoard) {}

  @Get()
  async show(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query('format') format?: unknown,
    @Query('lang') lang?: unknown,
  ): Promise<void> {
    const status = this.board.read();
    reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff').header('vary', 'accept');
    if (format === 'json' || (format === undefined && prefersJson(request.headers.accept))) {
      await reply.type('application/json; charset=utf-8').send(JSON.stringify(status));
      return;
    }
    const language = chosenLanguage(lang, request.headers['accept-language']);
    await reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', policy)
      .header('referrer-policy', 'no-referrer')
      .header('content-language', language)
      .header('vary', 'accept, accept-language')
      .send(statusPage(status, this.board.names(), language));
  }
}

/** A program that asks for JSON; a browser names HTML too. */
const prefersJson = (accept = ''): boolean => accept.includes('application/json') && !accept.includes('text/html');
