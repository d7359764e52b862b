import { runConnector } from '#lgsp/kit';
import { PopulationConfig } from './population.config';
import { population, PopulationAdapter } from './population.connector';
import { PopulationUpstream } from './population.upstream';

void runConnector({
  definition: population,
  adapter: PopulationAdapter,
  providers: [PopulationUpstream],
  config: PopulationConfig,
});
