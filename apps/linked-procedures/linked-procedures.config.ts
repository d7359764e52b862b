import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { Env } from '#lgsp/config';
import { ConnectorConfig } from '#lgsp/kit';

const keyForm = /^[\w-]{43}=?$/;

export class LinkedProceduresConfig extends ConnectorConfig {
  @Env('LGSP_JOB_KEY', {
    describe: 'key under which what callers sent lies on the bus, 32 bytes as base64url, the same as the gateways have',
    secret: true,
  })
  @Matches(keyForm)
  jobKey: string;

  @Env('LGSP_JOB_KEY_BEFORE', {
    describe: 'the key before it, as long as procedures are open that were sealed with it',
    secret: true,
  })
  @IsOptional()
  @Matches(keyForm)
  jobKeyBefore?: string;

  @Env('LGSP_PROCEDURES_OPEN_MAX', { describe: 'most linked procedures that are open; further ones are overloaded' })
  @IsInt()
  @Min(1)
  @Max(100_000)
  openMax: number = 10_000;

  @Env('LGSP_PROCEDURES_IN_FLIGHT_MAX', { describe: 'most steps that are being done at once' })
  @IsInt()
  @Min(1)
  @Max(100)
  stepsMax: number = 8;

  @Env('LGSP_PROCEDURES_CALL_MS', { describe: 'longest time of one call of a step, in milliseconds' })
  @IsInt()
  @Min(500)
  @Max(120_000)
  callMs: number = 30_000;

  @Env('LGSP_PROCEDURES_ATTEMPTS_MAX', {
    describe: 'how often a command of a step is sent until an operator must look',
  })
  @IsInt()
  @Min(1)
  @Max(100)
  stepAttemptsMax: number = 12;

  @Env('LGSP_PROCEDURES_RETRY_MS', {
    describe: 'first pause after a step failed, in milliseconds; it doubles, with jitter',
  })
  @IsInt()
  @Min(10)
  @Max(600_000)
  stepRetryMs: number = 2_000;

  @Env('LGSP_PROCEDURES_RETRY_MS_MAX', { describe: 'longest such pause, in milliseconds' })
  @IsInt()
  @Min(10)
  @Max(86_400_000)
  stepRetryMsMax: number = 600_000;

  @Env('LGSP_PROCEDURES_ASK_MS', {
    describe: 'first pause between two questions whether an outside system is done, in milliseconds; it doubles',
  })
  @IsInt()
  @Min(10)
  @Max(3_600_000)
  askMs: number = 15_000;

  @Env('LGSP_PROCEDURES_ASK_MS_MAX', { describe: 'longest such pause, in milliseconds' })
  @IsInt()
  @Min(10)
  @Max(86_400_000)
  askMsMax: number = 1_800_000;

  @Env('LGSP_PROCEDURES_STEP_AGE_MAX_MS', {
    describe: 'how long a step may take until an operator must look, in milliseconds',
  })
  @IsInt()
  @Min(1_000)
  @Max(7_776_000_000)
  stepAgeMaxMs: number = 1_296_000_000;

  @Env('LGSP_PROCEDURES_LEASE_MS', {
    describe: 'how long after one was killed another process goes on with its procedures, in milliseconds',
  })
  @IsInt()
  @Min(1_000)
  @Max(600_000)
  leaseMs: number = 10_000;
}
