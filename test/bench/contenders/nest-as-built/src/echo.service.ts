import { Inject, Injectable } from '@nestjs/common';
import { ClientProxy } from '@nestjs/microservices';
import { firstValueFrom, timeout } from 'rxjs';
import { AuditService } from './audit.service.js';
import type { SayDto } from './say.dto.js';

const timeoutMs = 10_000;

@Injectable()
export class EchoService {
  constructor(
    @Inject('BUS') private readonly bus: ClientProxy,
    private readonly audit: AuditService,
  ) {}

  async say(body: SayDto, client: string): Promise<unknown> {
    const startedAt = performance.now();
    const answer: unknown = await firstValueFrom(this.bus.send('bench.nest.echo', body).pipe(timeout(timeoutMs)));
    await this.audit.record({ client, operation: 'echo.say', durationMs: performance.now() - startedAt });
    return answer;
  }
}
