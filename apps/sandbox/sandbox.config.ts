import { IsIn, IsInt, IsOptional, IsString, IsUrl, Max, Min, MinLength } from 'class-validator';
import { Env, logLevels, type LogLevel } from '#lgsp/config';

export class SandboxConfig {
  @Env('LGSP_SANDBOX_PORT', {
    describe: 'port of the control API; 0 takes a free one. The outside systems listen on the ports after it',
  })
  @IsInt()
  @Min(0)
  @Max(65_000)
  port: number = 4100;

  @Env('LGSP_SANDBOX_SECRET', {
    describe: 'from which the credentials of all outside systems are derived',
    secret: true,
  })
  @IsString()
  @MinLength(16)
  secret: string;

  @Env('LGSP_SANDBOX_SEED', { describe: 'seed of the synthetic population' })
  @IsInt()
  seed: number = 31;

  @Env('LGSP_SANDBOX_PEOPLE', { describe: 'size of the synthetic population' })
  @IsInt()
  @Min(100)
  @Max(1_000_000)
  people: number = 5_000;

  @Env('LGSP_SANDBOX_STEP_MS', { describe: 'how long a dossier stays in one state, in milliseconds' })
  @IsInt()
  @Min(10)
  @Max(86_400_000)
  stepMs: number = 20_000;

  @Env('LGSP_SANDBOX_CALLBACK_URL', {
    describe:
      'where the outside systems send what they tell by themselves, each below it by system and kind, such as http://127.0.0.1:8080/v1/callbacks; they tell nothing when left out',
  })
  @IsOptional()
  @IsUrl({ require_tld: false, protocols: ['http', 'https'] })
  callbackUrl?: string;

  @Env('LGSP_LOG_LEVEL', { describe: `least level that is logged: ${logLevels.join(', ')}` })
  @IsIn(logLevels)
  logLevel: LogLevel = 'info';
}
