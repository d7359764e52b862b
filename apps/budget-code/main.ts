import { runConnector } from '#lgsp/kit';
import { BudgetCodeConfig } from './budget-code.config';
import { budgetCode, BudgetCodeAdapter } from './budget-code.connector';
import { BudgetCodeUpstream } from './budget-code.upstream';

void runConnector({
  definition: budgetCode,
  adapter: BudgetCodeAdapter,
  providers: [BudgetCodeUpstream],
  config: BudgetCodeConfig,
});
