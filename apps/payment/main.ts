import { runConnector } from '#lgsp/kit';
import { PaymentConfig } from './payment.config';
import { payment, PaymentAdapter } from './payment.connector';
import { PaymentUpstream } from './payment.upstream';

void runConnector({
  definition: payment,
  adapter: PaymentAdapter,
  providers: [PaymentUpstream],
  config: PaymentConfig,
});
