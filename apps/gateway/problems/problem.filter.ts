import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BusError, languageOf, type ErrorCode } from '#lgsp/errors';
import type { Logger } from '#lgsp/telemetry';
import { sendProblem } from './problem.reply';
import type { RouteMethods } from './route.methods';

/** What Fastify and Nest call their failures, as codes of the table. */
const codesOfFastify: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed-request',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed-json',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed-json',
  FST_ERR_BAD_URL: 'unknown-route',
  FST_ERR_MAX_PARAM_LENGTH: 'unknown-route',
};
const codesOfStatus: Record<number, ErrorCode> = {
  400: 'malformed-request',
  404: 'unknown-route',
  405: 'method-not-allowed',
  408: 'request-timeout',
  413: 'body-too-large',
  414: 'unknown-route',
  415: 'unsupported-media-type',
  431: 'headers-too-large',
};

/** Whatever is thrown while a call is handled, as the failure that it is. */
export function asBusError(thrown: unknown): BusError {
  if (thrown instanceof BusError) return thrown;
  const { code, statusCode } = (thrown ?? {}) as { code?: string; statusCode?: number };
  const status = thrown instanceof HttpException ? thrown.getStatus() : statusCode;
  const known = codesOfFastify[code ?? ''] ?? codesOfStatus[status ?? 0];
  return known ? new BusError(known, { cause: thrown }) : BusError.from(thrown);
}

/** Every failure of a controller, and of Fastify before it, leaves as a problem document. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly log: Logger,
    private readonly methods: RouteMethods,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    let error = asBusError(thrown);
    if (error.code === 'unknown-route') {
      const allowed = this.methods.at(request.url.split('?')[0]!);
      if (allowed && !allowed.includes(request.method)) {
        reply.header('allow', allowed.join(', '));
        error = new BusError('method-not-allowed');
      }
    }
    if (error.code === 'internal')
      this.log.error({ err: error, url: request.url.split('?')[0] }, 'a call failed unexpectedly');
    sendProblem(reply, error, languageOf(request.headers['accept-language']));
  }
}
