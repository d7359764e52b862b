import { runConnector } from '#lgsp/kit';
import { JudicialRecordsCallbacks } from './judicial-records.callbacks.upstream';
import { JudicialRecordsConfig } from './judicial-records.config';
import { judicialRecords, JudicialRecordsAdapter } from './judicial-records.connector';
import { JudicialRecordsUpstream } from './judicial-records.upstream';

void runConnector({
  definition: judicialRecords,
  adapter: JudicialRecordsAdapter,
  providers: [JudicialRecordsUpstream, JudicialRecordsCallbacks],
  config: JudicialRecordsConfig,
});
