import { runConnector } from '#lgsp/kit';
import { VnpostCallbacks } from './vnpost.callbacks.upstream';
import { VnpostConfig } from './vnpost.config';
import { vnpost, VnpostAdapter } from './vnpost.connector';
import { VnpostUpstream } from './vnpost.upstream';

void runConnector({
  definition: vnpost,
  adapter: VnpostAdapter,
  providers: [VnpostUpstream, VnpostCallbacks],
  config: VnpostConfig,
});
