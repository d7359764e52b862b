import { runConnector } from '#lgsp/kit';
import { AttachmentReader } from './attachment.reader';
import { LandCallbacks } from './land.callbacks.upstream';
import { LandConfig } from './land.config';
import { land, LandAdapter } from './land.connector';
import { LandUpstream } from './land.upstream';

void runConnector({
  definition: land,
  adapter: LandAdapter,
  providers: [LandUpstream, AttachmentReader, LandCallbacks],
  config: LandConfig,
});
