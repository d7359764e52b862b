import type { Provider } from '@nestjs/common';
import { BusConnection, DurableLog } from '#lgsp/bus';
import type { Logger } from '#lgsp/telemetry';
import { ledgerLog } from '../ledger.log';
import { EvidencePages } from './evidence.pages';
import { PublishedKeys } from './published.keys';
import { Receipts } from './receipts';
import { SealLog } from './seal.log';
import { Sealer } from './sealer';

/** What gives and seals evidence, for Nest. */
export const evidenceParts: Provider[] = [
  { provide: SealLog, useFactory: (connection: BusConnection) => SealLog.open(connection), inject: [BusConnection] },
  {
    provide: PublishedKeys,
    useFactory: (connection: BusConnection) => PublishedKeys.open(connection),
    inject: [BusConnection],
  },
  {
    provide: Sealer,
    useFactory: (connection: BusConnection, stream: DurableLog, seals: SealLog, keys: PublishedKeys, log: Logger) =>
      new Sealer({ connection, stream, seals, keys, log }),
    inject: [BusConnection, DurableLog, SealLog, PublishedKeys, ledgerLog],
  },
  EvidencePages,
  Receipts,
];
