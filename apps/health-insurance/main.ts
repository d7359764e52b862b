import { runConnector } from '#lgsp/kit';
import { HealthInsuranceConfig } from './health-insurance.config';
import { healthInsurance, HealthInsuranceAdapter } from './health-insurance.connector';
import { HealthInsuranceUpstream } from './health-insurance.upstream';

void runConnector({
  definition: healthInsurance,
  adapter: HealthInsuranceAdapter,
  providers: [HealthInsuranceUpstream],
  config: HealthInsuranceConfig,
});
