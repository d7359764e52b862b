import { Body, Controller, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BusError, languageOf } from '#lgsp/errors';
import { isTransactionId } from '#lgsp/records';
import { Reader } from '../admission/reader';
import { sendAnswer } from '../transactions/send.answer';
import { Replays, type ReplayContext } from './replays';

/**
 * `POST /v1/transactions/{id}/replay`, for operators. Without a body the outside system is asked what became of the command;
 * with the body that the command was first sent with it is sent again under its key.
 */
@Controller('v1/transactions')
export class ReplayController {
  constructor(
    @Inject(Reader) private readonly reader: Reader,
    @Inject(Replays) private readonly replays: Replays,
  ) {}

  @Post(':id/replay')
  @HttpCode(200)
  async replay(
    @Param('id') id: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { id: operator } = await this.reader.operator(request);
    if (!isTransactionId(id)) throw new BusError('unknown-transaction');
    const { 'lgsp-officer': officer, 'accept-language': accepted } = request.headers;
    const context: ReplayContext = {
      operator,
      officer: typeof officer === 'string' ? officer : undefined,
      language: languageOf(accepted),
    };
    if (body === undefined || body === null) {
      reply.send({ transactionId: id, ...(await this.replays.ask(id, context)) });
      return;
    }
    if (!Buffer.isBuffer(body)) throw new BusError('unsupported-media-type');
    const { answer, replayed } = await this.replays.send(id, body, context);
    reply.header('lgsp-transaction-id', id);
    if (replayed) reply.header('idempotency-replayed', 'true');
    sendAnswer(reply, answer);
  }
}
