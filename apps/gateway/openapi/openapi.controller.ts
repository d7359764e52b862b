import { createHash } from 'node:crypto';
import { Controller, Get, Headers, Inject, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Language } from '#lgsp/errors';
import { Catalogue } from '../catalogue/catalogue';
import { chosenLanguage } from './chosen.language';
import { openApiDocument } from './openapi.document';

/** The document as it is sent. */
interface Built {
  revision: number;
  bytes: Buffer;
  etag: string;
}

/** `GET /openapi.json`: made when the catalogue has changed since it was last asked for, and not at each request. */
@Controller()
export class OpenApiController {
  private readonly built = new Map<Language, Built>();

  constructor(@Inject(Catalogue) private readonly catalogue: Catalogue) {}

  @Get('openapi.json')
  document(
    @Res() reply: FastifyReply,
    @Query('lang') asked?: unknown,
    @Headers('accept-language') accepted?: string,
    @Headers('if-none-match') known?: string,
  ): void {
    const language = chosenLanguage(asked, accepted);
    const { bytes, etag } = this.build(language);
    reply
      .header('content-language', language)
      .header('vary', 'accept-language')
      .header('cache-control', 'no-cache')
      .header('etag', etag);
    if (known === etag) reply.code(304).send();
    else reply.type('application/json; charset=utf-8').send(bytes);
  }

  private build(language: Language): Built {
    const { revision } = this.catalogue;
    const known = this.built.get(language);
    if (known?.revision === revision) return known;
    const bytes = Buffer.from(JSON.stringify(openApiDocument(this.catalogue.list(), language)));
    const etag = `"${createHash('sha256').update(bytes).digest('base64url')}"`;
    const built = { revision, bytes, etag };
    this.built.set(language, built);
    return built;
  }
}
