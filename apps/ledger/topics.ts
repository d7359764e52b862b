import type { Provider, Type } from '@nestjs/common';
import { EvidenceController } from './evidence/evidence.controller';
import { evidenceParts } from './evidence/evidence.parts';

/** The controllers of the book's topics, each in its folder. */
export const controllers: Type<object>[] = [EvidenceController];

/** What they are given, beside `Database`, `BusConnection`, `DurableLog` (the stream), `Metrics`, `LedgerConfig` and the log. */
export const providers: Provider[] = [...evidenceParts];
