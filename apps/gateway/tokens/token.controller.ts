import { Body, Controller, Header, HttpCode, Inject, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ClientRecord } from '#lgsp/clients';
import { BusError } from '#lgsp/errors';
import { Admission } from '../admission/admission';
import { ApiKeys } from '../admission/api.keys';
import { basicCredentials, type Credentials } from '../admission/basic.credentials';
import { AccessTokens, tokenSeconds } from './access.tokens';

interface TokenAnswer {
  access_token: string;
  token_type: 'Bearer';
  expires_in: number;
  scope: string;
}

/**
 * OAuth2 client credentials (RFC 6749, 4.4), as today's one-stop software sends it to WSO2-style platforms: the form, and
 * the client's id and secret in `Authorization: Basic` or in the form.
 */
@Controller()
export class TokenController {
  constructor(
    @Inject(ApiKeys) private readonly keys: ApiKeys,
    @Inject(AccessTokens) private readonly tokens: AccessTokens,
    @Inject(Admission) private readonly admission: Admission,
  ) {}

  @Post(['oauth2/token', 'token'])
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async token(
    @Body() form: unknown,
    @Query() query: object,
    @Req() { headers, raw }: FastifyRequest,
  ): Promise<TokenAnswer> {
    if (Object.keys(query).length > 0) throw new BusError('malformed-request', { detail: wantsNoQuery });
    if (!(form instanceof URLSearchParams)) throw new BusError('unsupported-media-type', { detail: wantsForm });
    if (form.get('grant_type') !== 'client_credentials') throw new BusError('invalid-request', { detail: wantsGrant });
    const client = await this.clientOf(headers.authorization, form);
    this.admission.checkAddress(client, raw);
    if (client.state !== 'active') throw new BusError('client-suspended');
    const { token, scope } = await this.tokens.issue(client);
    return { access_token: token, token_type: 'Bearer', expires_in: tokenSeconds, scope };
  }

  private async clientOf(authorization: string | undefined, form: URLSearchParams): Promise<ClientRecord> {
    const { id, secret } = credentialsOf(authorization, form);
    const client = await this.keys.identify(secret);
    if (client?.id !== id) throw new BusError('unauthenticated');
    return client;
  }
}

function credentialsOf(authorization: string | undefined, form: URLSearchParams): Credentials {
  if (authorization === undefined) return { id: form.get('client_id') ?? '', secret: form.get('client_secret') ?? '' };
  const credentials = basicCredentials(authorization);
  if (!credentials) throw new BusError('unauthenticated');
  return credentials;
}

const wantsNoQuery = {
  en: 'credentials belong into the header or the form, never into the address',
  vi: 'thông tin xác thực phải ở tiêu đề hoặc biểu mẫu, không được đặt trên địa chỉ',
};
const wantsForm = {
  en: 'the token endpoint takes application/x-www-form-urlencoded',
  vi: 'điểm cấp mã chỉ nhận application/x-www-form-urlencoded',
};
const wantsGrant = {
  en: 'grant_type must be client_credentials',
  vi: 'grant_type phải là client_credentials',
};
