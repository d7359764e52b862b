import { runConnector } from '#lgsp/kit';
import { CivilRegistryConfig } from './civil-registry.config';
import { civilRegistry, CivilRegistryAdapter } from './civil-registry.connector';
import { CivilRegistryUpstream } from './civil-registry.upstream';

void runConnector({
  definition: civilRegistry,
  adapter: CivilRegistryAdapter,
  providers: [CivilRegistryUpstream],
  config: CivilRegistryConfig,
});
