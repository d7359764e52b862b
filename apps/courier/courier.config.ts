import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { Env, IsMap, ProcessConfig } from '#lgsp/config';

const keyForm = /^[\w-]{43}=?$/;
const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 1;
const hours = '([01]\\d|2[0-3]):[0-5]\\d';
const windowForm = new RegExp(`^${hours}-${hours}$`);

export class CourierConfig extends ProcessConfig {
  @Env('LGSP_JOB_KEY', {
    describe:
      'key under which asynchronous commands lie on the bus, 32 bytes as base64url, the same as the gateways have',
    secret: true,
  })
  @Matches(keyForm)
  jobKey: string;

  @Env('LGSP_JOB_KEY_BEFORE', {
    describe: 'the key before it, as long as jobs and dead letters are there that were sealed with it',
    secret: true,
  })
  @IsOptional()
  @Matches(keyForm)
  jobKeyBefore?: string;

  @Env('LGSP_COURIER_IN_FLIGHT_MAX', { describe: 'most commands that are being sent at once to any one system' })
  @IsInt()
  @Min(1)
  @Max(1_000)
  inFlightMax: number = 8;

  @Env('LGSP_COURIER_SYSTEM_IN_FLIGHT_MAX', { describe: 'JSON: system → the same where it differs' })
  @IsMap('a whole number for each', isCount)
  systemInFlightMax: Record<string, number> = {};

  @Env('LGSP_COURIER_PER_SECOND', {
    describe: 'most sendings per second to any one system, first ones and repeated ones',
  })
  @IsInt()
  @Min(1)
  @Max(10_000)
  perSecond: number = 50;

  @Env('LGSP_COURIER_SYSTEM_PER_SECOND', { describe: 'JSON: system → the same where it differs' })
  @IsMap('a whole number for each', isCount)
  systemPerSecond: Record<string, number> = {};

  @Env('LGSP_COURIER_REPLAYS_PER_SECOND', {
    describe: 'most dead letters per second that are put back for any one system',
  })
  @IsInt()
  @Min(1)
  @Max(1_000)
  replaysPerSecond: number = 10;

  @Env('LGSP_COURIER_MAINTENANCE', {
    describe: 'JSON: system → hours of Vietnam in which nothing is sent to it, {"land": "22:00-05:00"}',
  })
  @IsMap('hours such as 22:00-05:00 for each', (value) => typeof value === 'string' && windowForm.test(value))
  maintenance: Record<string, string> = {};

  @Env('LGSP_COURIER_RETRY_MS', {
    describe: 'first pause before a command is sent again, in milliseconds; it doubles, with jitter',
  })
  @IsInt()
  @Min(10)
  @Max(600_000)
  retryMs: number = 2_000;

  @Env('LGSP_COURIER_RETRY_MS_MAX', { describe: 'longest such pause, in milliseconds' })
  @IsInt()
  @Min(10)
  @Max(86_400_000)
  retryMsMax: number = 600_000;

  @Env('LGSP_COURIER_LEASE_MS', {
    describe: 'how long after a courier was killed another one takes over its systems, in milliseconds',
  })
  @IsInt()
  @Min(1_000)
  @Max(600_000)
  leaseMs: number = 10_000;
}
