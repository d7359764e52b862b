import { Body, Controller, Delete, Get, Header, HttpCode, Inject, Param, Post, Put, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BusError, languageOf } from '#lgsp/errors';
import { subscriptionName } from '#lgsp/events';
import { readInput, ruleMessage, type MessageClass } from '#lgsp/kit';
import { Reader } from '../admission/reader';
import { RedeliveryInput, SubscriptionInput } from './subscription.input';
import { noSuch, Subscriptions, type SubscriptionView } from './subscriptions';

/** `/v1/subscriptions`: a client has its events sent to addresses of its own (Standard Webhooks). Each sees its own only. */
@Controller('v1/subscriptions')
export class SubscriptionsController {
  constructor(
    @Inject(Reader) private readonly reader: Reader,
    @Inject(Subscriptions) private readonly subscriptions: Subscriptions,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  async list(@Req() request: FastifyRequest): Promise<{ subscriptions: SubscriptionView[] }> {
    const { id } = await this.reader.client(request);
    return { subscriptions: await this.subscriptions.list(id) };
  }

  @Get(':name')
  @Header('cache-control', 'no-store')
  async get(@Req() request: FastifyRequest, @Param('name') name: string): Promise<SubscriptionView> {
    const { id } = await this.reader.client(request);
    return this.subscriptions.get(id, checkedName(name));
  }

  @Put(':name')
  async put(
    @Req() request: FastifyRequest,
    @Param('name') name: string,
    @Body() body: unknown,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { id } = await this.reader.client(request);
    const { view, isNew } = await this.subscriptions.put(
      id,
      newName(name, request),
      read(SubscriptionInput, body, request),
    );
    reply
      .code(isNew ? 201 : 200)
      .header('cache-control', 'no-store')
      .send(view);
  }

  @Delete(':name')
  @HttpCode(204)
  async remove(@Req() request: FastifyRequest, @Param('name') name: string): Promise<void> {
    const { id } = await this.reader.client(request);
    await this.subscriptions.remove(id, checkedName(name));
  }

  @Post(':name/test')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async try(@Req() request: FastifyRequest, @Param('name') name: string): Promise<object> {
    const { id } = await this.reader.client(request);
    return this.subscriptions.try(id, checkedName(name));
  }

  @Post(':name/redeliver')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async redeliver(
    @Req() request: FastifyRequest,
    @Param('name') name: string,
    @Body() body: unknown,
  ): Promise<SubscriptionView> {
    const { id } = await this.reader.client(request);
    return this.subscriptions.redeliver(id, checkedName(name), Number(read(RedeliveryInput, body, request).after));
  }
}

/** Of a subscription that there may be. */
function checkedName(name: string): string {
  if (!subscriptionName.test(name)) throw new BusError('not-found', { detail: noSuch });
  return name;
}

function newName(name: string, { headers }: FastifyRequest): string {
  if (subscriptionName.test(name)) return name;
  const message = ruleMessage('matches', [subscriptionName.source])[languageOf(headers['accept-language'])];
  throw new BusError('invalid-request', { errors: [{ path: '/name', rule: 'matches', message }] });
}

function read<T extends object>(message: MessageClass<T>, body: unknown, { headers }: FastifyRequest): T {
  if (body !== undefined && body !== null && !Buffer.isBuffer(body)) throw new BusError('unsupported-media-type');
  return readInput(message, (body as Buffer | undefined) ?? Buffer.alloc(0), languageOf(headers['accept-language']));
}
