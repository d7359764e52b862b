import { generateKeySync } from 'node:crypto';
import { ThrottlerStorageRedisService } from '@nest-lab/throttler-storage-redis';
import { Module } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { ClientsModule, Transport } from '@nestjs/microservices';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { makeHistogramProvider, PrometheusModule } from '@willsoto/nestjs-prometheus';
import { AuditService } from './audit.service.js';
import { AuthGuard } from './auth.guard.js';
import { EchoController } from './echo.controller.js';
import { EchoService } from './echo.service.js';
import { MetricsInterceptor } from './metrics.interceptor.js';

// A key and not a text: with a text, jsonwebtoken tries on every call whether it is a public key, at a third of all CPU time.
const key = generateKeySync('hmac', { length: 256 });

@Module({
  imports: [
    ClientsModule.register([
      { name: 'BUS', transport: Transport.NATS, options: { servers: [process.env['NATS_URL'] as string] } },
    ]),
    JwtModule.register({ secretOrKeyProvider: () => key, signOptions: { expiresIn: '1h' } }),
    PrometheusModule.register(),
    ThrottlerModule.forRoot({
      throttlers: [{ ttl: 1_000, limit: 1_000_000 }],
      storage: new ThrottlerStorageRedisService(process.env['REDIS_URL']),
    }),
  ],
  controllers: [EchoController],
  providers: [
    AuditService,
    EchoService,
    { provide: APP_GUARD, useClass: AuthGuard },
    { provide: APP_GUARD, useClass: ThrottlerGuard },
    { provide: APP_INTERCEPTOR, useClass: MetricsInterceptor },
    makeHistogramProvider({
      name: 'http_request_duration_seconds',
      help: 'how long requests take',
      labelNames: ['method', 'route', 'status'],
    }),
  ],
})
export class AppModule {}
