import { IsInt, Max, Min } from 'class-validator';
import { Env, ProcessConfig } from '#lgsp/config';

/** What every connector can be told beside its own addresses and credentials: how to treat the outside system. */
export class ConnectorConfig extends ProcessConfig {
  @Env('LGSP_UPSTREAM_CONNECT_MS', { describe: 'longest wait for a connection to the outside system, in milliseconds' })
  @IsInt()
  @Min(50)
  @Max(30_000)
  connectMs: number = 2_000;

  @Env('LGSP_UPSTREAM_IN_FLIGHT_MAX', { describe: 'most calls at the outside system at once' })
  @IsInt()
  @Min(1)
  @Max(1_000)
  inFlightMax: number = 32;

  @Env('LGSP_UPSTREAM_QUEUED_MAX', { describe: 'most calls that wait for a place; further ones answer overloaded' })
  @IsInt()
  @Min(0)
  @Max(10_000)
  queuedMax: number = 64;

  @Env('LGSP_UPSTREAM_ATTEMPTS_MAX', { describe: 'most attempts of one query; a command is sent once' })
  @IsInt()
  @Min(1)
  @Max(10)
  attemptsMax: number = 3;

  @Env('LGSP_UPSTREAM_RETRY_MS', { describe: 'first pause between attempts, in milliseconds; it doubles, with jitter' })
  @IsInt()
  @Min(1)
  @Max(10_000)
  retryMs: number = 100;

  @Env('LGSP_UPSTREAM_ANSWER_BYTES_MAX', { describe: 'largest answer that is read, in bytes' })
  @IsInt()
  @Min(1_024)
  @Max(67_108_864)
  answerBytesMax: number = 8_388_608;

  @Env('LGSP_UPSTREAM_FAILURES_MAX', { describe: 'failures in a row after which the circuit opens' })
  @IsInt()
  @Min(1)
  @Max(1_000)
  failuresMax: number = 5;

  @Env('LGSP_UPSTREAM_PAUSE_MS', { describe: 'how long an open circuit waits before it tries again, in milliseconds' })
  @IsInt()
  @Min(10)
  @Max(600_000)
  pauseMs: number = 10_000;
}
