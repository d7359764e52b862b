import { runConnector } from '#lgsp/kit';
import { NationalPortalConfig } from './national-portal.config';
import { nationalPortal, NationalPortalAdapter } from './national-portal.connector';
import { NationalPortalUpstream } from './national-portal.upstream';
import { TransitionRule } from './transition.rule';

void runConnector({
  definition: nationalPortal,
  adapter: NationalPortalAdapter,
  providers: [NationalPortalUpstream, TransitionRule],
  config: NationalPortalConfig,
});
