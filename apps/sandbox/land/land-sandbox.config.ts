import { IsOptional, IsUrl } from 'class-validator';
import { Env } from '#lgsp/config';

export class LandSandboxConfig {
  @Env('LGSP_SANDBOX_LAND_CALLBACK_URL', {
    describe: 'where the land stand-in sends its callbacks, each below it by its kind; it sends none when left out',
  })
  @IsOptional()
  @IsUrl({ require_tld: false, protocols: ['http', 'https'] })
  callbackUrl?: string;
}
