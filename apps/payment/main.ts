import { runConnector } from '#lgsp/kit';
import { PaymentConfig } from './payment.config';
import { payment, PaymentAdapter } from './payment.connector';
import { PaymentCallbacks } from './payment.callbacks.upstream';
import { PaymentUpstream } from './payment.upstream';

void runConnector({
  definition: payment,
  adapter: PaymentAdapter,
  providers: [PaymentUpstream, PaymentCallbacks],
  config: PaymentConfig,
});
