import {
  IsArray,
  IsInt,
  IsOptional,
  Matches,
  Max,
  Min,
  Validate,
  ValidatorConstraint,
  type ValidatorConstraintInterface,
} from 'class-validator';
import { isNetwork } from '#lgsp/clients';
import { Env, IsMap, ProcessConfig } from '#lgsp/config';

const keyForm = /^[\w-]{43}=?$/;
const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 1;
const hours = '([01]\\d|2[0-3]):[0-5]\\d';
const windowForm = new RegExp(`^${hours}-${hours}$`);

@ValidatorConstraint({ name: 'networks' })
class Networks implements ValidatorConstraintInterface {
  validate(list: unknown): boolean {
    return Array.isArray(list) && list.every((text) => typeof text === 'string' && isNetwork(text));
  }

  defaultMessage(): string {
    return 'must be a list of networks such as 10.20.0.0/16, or of addresses';
  }
}

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

  @Env('LGSP_COURIER_POLLS_PER_SECOND', {
    describe: 'most questions per second to any one system about what commands have begun there',
  })
  @IsInt()
  @Min(1)
  @Max(1_000)
  pollsPerSecond: number = 5;

  @Env('LGSP_COURIER_SYSTEM_POLLS_PER_SECOND', { describe: 'JSON: system → the same where it differs' })
  @IsMap('a whole number for each', isCount)
  systemPollsPerSecond: Record<string, number> = {};

  @Env('LGSP_COURIER_POLL_MS_MAX', {
    describe: 'longest pause between two questions about the same, in milliseconds, whatever its connector says',
  })
  @IsInt()
  @Min(100)
  @Max(2_592_000_000)
  pollMsMax: number = 2_592_000_000;

  @Env('LGSP_COURIER_FOLLOWED_MAX', {
    describe:
      'most that is followed at once of what commands have begun at any one system; what comes then waits on the bus',
  })
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  followedMax: number = 50_000;

  @Env('LGSP_COURIER_LISTS_LEFT', {
    describe:
      'lists of changes that are left to a client who reads and acknowledges them by itself: judicial-records.changed',
  })
  @IsArray()
  @Matches(/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/, { each: true })
  listsLeft: string[] = [];

  @Env('LGSP_WEBHOOK_NETWORKS', {
    describe:
      'networks to which events may be sent, separated by commas: 10.20.0.0/16,10.30.0.5; to none when it is empty',
  })
  @IsArray()
  @Validate(Networks)
  webhookNetworks: string[] = [];

  @Env('LGSP_WEBHOOK_MS', { describe: 'how long an address may take to answer, in milliseconds' })
  @IsInt()
  @Min(100)
  @Max(60_000)
  webhookMs: number = 15_000;

  @Env('LGSP_WEBHOOK_RETRY_MS', {
    describe: 'first pause before an event is sent again, in milliseconds; it doubles, with jitter',
  })
  @IsInt()
  @Min(10)
  @Max(600_000)
  webhookRetryMs: number = 5_000;

  @Env('LGSP_WEBHOOK_RETRY_MS_MAX', { describe: 'longest such pause, in milliseconds' })
  @IsInt()
  @Min(10)
  @Max(86_400_000)
  webhookRetryMsMax: number = 3_600_000;

  @Env('LGSP_WEBHOOK_GIVE_UP_MS', {
    describe: 'how long an address may take nothing until events are not sent to it any more, in milliseconds',
  })
  @IsInt()
  @Min(1_000)
  @Max(2_592_000_000)
  webhookGiveUpMs: number = 432_000_000;

  @Env('LGSP_COURIER_LEASE_MS', {
    describe: 'how long after a courier was killed another one takes over its systems, in milliseconds',
  })
  @IsInt()
  @Min(1_000)
  @Max(600_000)
  leaseMs: number = 10_000;
}
