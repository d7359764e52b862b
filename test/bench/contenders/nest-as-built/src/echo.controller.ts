import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import type { Caller } from './auth.guard.js';
import { EchoService } from './echo.service.js';
import { SayDto } from './say.dto.js';

@Controller()
export class EchoController {
  constructor(private readonly echo: EchoService) {}

  @Post()
  @HttpCode(200)
  say(@Body() body: SayDto, @Req() { user }: { user: Caller }): Promise<unknown> {
    return this.echo.say(body, user.sub);
  }
}
