import { hash } from 'node:crypto';
import { Controller, Get, Headers, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { SigningKeys } from '../tokens/signing.keys';
import { EvidenceKeys } from './evidence.keys';

/** The set as it is sent. */
interface Built {
  tokenKeys: string;
  evidenceKeys: string;
  bytes: Buffer;
  etag: string;
}

/** `GET /.well-known/jwks.json`: the public keys of tokens and of evidence (`lgsp_use` tells them apart), made when one is new. */
@Controller()
export class JwksController {
  private built?: Built;

  constructor(
    @Inject(SigningKeys) private readonly signingKeys: SigningKeys,
    @Inject(EvidenceKeys) private readonly evidenceKeys: EvidenceKeys,
  ) {}

  @Get('.well-known/jwks.json')
  jwks(@Res() reply: FastifyReply, @Headers('if-none-match') known?: string): void {
    const { bytes, etag } = this.build();
    reply.header('cache-control', 'public, max-age=300').header('etag', etag);
    if (known === etag) reply.code(304).send();
    else reply.type('application/json; charset=utf-8').send(bytes);
  }

  private build(): Built {
    const tokenKeys = this.signingKeys
      .published()
      .keys.map((key) => JSON.stringify(key))
      .join(',');
    const evidenceKeys = this.evidenceKeys.published;
    if (this.built?.tokenKeys === tokenKeys && this.built.evidenceKeys === evidenceKeys) return this.built;
    const bytes = Buffer.from(`{"keys":[${[tokenKeys, evidenceKeys].filter(Boolean).join(',')}]}`);
    this.built = { tokenKeys, evidenceKeys, bytes, etag: `"${hash('sha256', bytes, 'base64url')}"` };
    return this.built;
  }
}
