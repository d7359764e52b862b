import { runConnector } from '#lgsp/kit';
import { BusinessRegistrationConfig } from './business-registration.config';
import { businessRegistration, BusinessRegistrationAdapter } from './business-registration.connector';
import { BusinessRegistrationUpstream } from './business-registration.upstream';

void runConnector({
  definition: businessRegistration,
  adapter: BusinessRegistrationAdapter,
  providers: [BusinessRegistrationUpstream],
  config: BusinessRegistrationConfig,
});
