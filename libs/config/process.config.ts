import { IsIn, IsInt, IsNumber, IsOptional, IsString, Matches, Max, Min } from 'class-validator';
import { Env } from './env.decorator';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** What every process of the bus is told: its NATS connection with its own credentials, its log and its metrics. */
export class ProcessConfig {
  @Env('LGSP_NATS_URL', {
    describe:
      'address of NATS, nats://host:port, or tls://host:port to insist on encryption; several separated by commas',
  })
  @IsString()
  natsUrl: string = 'nats://127.0.0.1:4222';

  @Env('LGSP_NATS_USER', { describe: 'user of this process on NATS' })
  @IsOptional()
  @IsString()
  natsUser?: string;

  @Env('LGSP_NATS_PASSWORD', { describe: 'password of this process on NATS', secret: true })
  @IsOptional()
  @IsString()
  natsPassword?: string;

  @Env('LGSP_NATS_REPLICAS', {
    describe: 'on how many servers of the NATS cluster a stream or bucket that this process makes is kept, 1 to 5',
  })
  @IsInt()
  @Min(1)
  @Max(5)
  natsReplicas: number = 1;

  @Env('LGSP_LOG_LEVEL', { describe: `least level that is logged: ${logLevels.join(', ')}` })
  @IsIn(logLevels)
  logLevel: LogLevel = 'info';

  @Env('LGSP_METRICS_PORT', { describe: 'port of GET /metrics; 0 takes a free one' })
  @IsInt()
  @Min(0)
  @Max(65_535)
  metricsPort: number = 9464;

  @Env('LGSP_METRICS_HOST', { describe: 'address that /metrics listens on' })
  @IsString()
  metricsHost: string = '127.0.0.1';

  @Env('LGSP_TRACE_URL', {
    describe: 'collector of traces that takes OTLP over HTTP, http://host:4318/v1/traces; without it nothing is traced',
  })
  @IsOptional()
  @Matches(/^https?:\/\//, { message: 'must begin with http:// or https://' })
  traceUrl?: string;

  @Env('LGSP_TRACE_SHARE', { describe: 'share of the traces that begin here which is sampled, 0 to 1' })
  @IsNumber()
  @Min(0)
  @Max(1)
  traceShare: number = 0.05;

  @Env('LGSP_DRAIN_MS', { describe: 'longest wait for calls under way when the process is stopped, in milliseconds' })
  @IsInt()
  @Min(0)
  @Max(120_000)
  drainMs: number = 15_000;

  /** How this process connects to NATS. */
  get bus(): { url: string; user?: string; password?: string; replicas: number } {
    const { natsUrl: url, natsUser: user, natsPassword: password, natsReplicas: replicas } = this;
    return { url, user, password, replicas };
  }
}
