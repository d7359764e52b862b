import { IsInt, IsNumber, IsObject, IsOptional, IsString, Max, Min, MinLength } from 'class-validator';
import { Env, ProcessConfig } from '#lgsp/config';

export class GatewayConfig extends ProcessConfig {
  @Env('LGSP_HTTP_PORT', { describe: 'port of the gateway; 0 takes a free one' })
  @IsInt()
  @Min(0)
  @Max(65_535)
  httpPort: number = 8080;

  @Env('LGSP_HTTP_HOST', { describe: 'address that the gateway listens on' })
  @IsString()
  httpHost: string = '127.0.0.1';

  @Env('LGSP_BODY_BYTES_MAX', { describe: 'largest body of a call, in bytes' })
  @IsInt()
  @Min(1_024)
  @Max(67_108_864)
  bodyBytesMax: number = 4_194_304;

  @Env('LGSP_HEADER_BYTES_MAX', { describe: 'largest sum of all headers of a call, in bytes' })
  @IsInt()
  @Min(4_096)
  @Max(65_536)
  headerBytesMax: number = 16_384;

  @Env('LGSP_REQUEST_MS', { describe: 'longest time for a whole request to arrive, in milliseconds' })
  @IsInt()
  @Min(1_000)
  @Max(300_000)
  requestMs: number = 30_000;

  @Env('LGSP_KEEP_ALIVE_MS', { describe: 'how long an idle connection of a caller is kept, in milliseconds' })
  @IsInt()
  @Min(1_000)
  @Max(600_000)
  keepAliveMs: number = 72_000;

  @Env('LGSP_REDIS_URL', {
    describe: 'Redis for exact limits across gateways, redis://host:port; without it each limits on its own',
  })
  @IsOptional()
  @IsString()
  redisUrl?: string;

  @Env('LGSP_REDIS_PASSWORD', { describe: 'password of Redis', secret: true })
  @IsOptional()
  @IsString()
  redisPassword?: string;

  @Env('LGSP_REDIS_MS', { describe: 'longest wait for Redis in one call; then the gateway limits on its own' })
  @IsInt()
  @Min(1)
  @Max(5_000)
  redisMs: number = 50;

  @Env('LGSP_LOCAL_LIMIT_SHARE', {
    describe: 'share of each limit that one gateway gives while Redis is away, 0.01 to 1',
  })
  @IsNumber()
  @Min(0.01)
  @Max(1)
  localLimitShare: number = 0.5;

  @Env('LGSP_CLIENT_PER_SECOND', { describe: 'calls per second of a client without a rate of its own' })
  @IsInt()
  @Min(1)
  clientPerSecond: number = 200;

  @Env('LGSP_CLIENT_BURST', { describe: 'calls at once of a client without a rate of its own' })
  @IsInt()
  @Min(1)
  clientBurst: number = 400;

  @Env('LGSP_SYSTEMS_PER_SECOND', {
    describe: 'JSON: system → calls per second that it can bear from all clients together',
  })
  @IsObject()
  systemsPerSecond: Record<string, number> = {};

  @Env('LGSP_INFLIGHT_MAX', {
    describe: 'most calls under way at once in this gateway; queries are refused from 80 % on',
  })
  @IsInt()
  @Min(1)
  inflightMax: number = 2_000;

  @Env('LGSP_SYSTEM_INFLIGHT_MAX', { describe: 'the same at any one system' })
  @IsInt()
  @Min(1)
  systemInflightMax: number = 500;

  @Env('LGSP_OFFICER_KEY', {
    describe:
      'key of the hash under which officers stand in the book, the same for all gateways; without it they are left out',
    secret: true,
  })
  @IsOptional()
  @MinLength(16)
  officerKey?: string;

  @Env('LGSP_CONNECTIONS_MAX', { describe: 'most connections of callers at once' })
  @IsInt()
  @Min(1)
  @Max(100_000)
  connectionsMax: number = 10_000;
}
