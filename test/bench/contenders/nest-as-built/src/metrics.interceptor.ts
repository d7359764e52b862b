import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Histogram } from 'prom-client';
import { finalize, type Observable } from 'rxjs';

@Injectable()
export class MetricsInterceptor implements NestInterceptor {
  constructor(@InjectMetric('http_request_duration_seconds') private readonly duration: Histogram) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const { method, routeOptions } = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const end = this.duration.startTimer({ method, route: routeOptions.url });
    return next.handle().pipe(finalize(() => end({ status: reply.statusCode })));
  }
}
