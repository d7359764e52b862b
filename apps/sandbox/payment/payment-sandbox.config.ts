import { IsOptional, IsUrl } from 'class-validator';
import { Env } from '#lgsp/config';

export class PaymentSandboxConfig {
  @Env('LGSP_SANDBOX_PAYMENT_CALLBACK_URL', {
    describe: 'where the payment stand-in sends its confirmations; it sends none when left out',
  })
  @IsOptional()
  @IsUrl({ require_tld: false, protocols: ['http', 'https'] })
  callbackUrl?: string;
}
