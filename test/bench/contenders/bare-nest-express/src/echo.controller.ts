import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import type { ClientProxy } from '@nestjs/microservices';

@Controller()
export class EchoController {
  constructor(@Inject('BUS') private readonly bus: ClientProxy) {}

  @Post()
  @HttpCode(200)
  say(@Body() body: unknown) {
    return this.bus.send('bench.nest.echo', body);
  }
}
