import type { StandInDefinition } from './stand-in';
import { budgetCodeStandIn } from './budget-code/budget-code.stand-in';
import { businessRegistrationStandIn } from './business-registration/business-registration.stand-in';
import { civilRegistryStandIn } from './civil-registry/civil-registry.stand-in';
import { judicialRecordsStandIn } from './judicial-records/judicial-records.stand-in';
import { landStandIn } from './land/land.stand-in';
import { nationalPortalStandIn } from './national-portal/national-portal.stand-in';
import { paymentStandIn } from './payment/payment.stand-in';
import { populationStandIn } from './population/population.stand-in';
import { vnpostStandIn } from './vnpost/vnpost.stand-in';

/** Every outside system of the sandbox. */
export const standIns: readonly StandInDefinition[] = [
  populationStandIn,
  civilRegistryStandIn,
  judicialRecordsStandIn,
  paymentStandIn,
  vnpostStandIn,
  landStandIn,
  businessRegistrationStandIn,
  budgetCodeStandIn,
  nationalPortalStandIn,
];
