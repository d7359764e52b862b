import type { Type } from '@nestjs/common';

/** The controllers of the book's topics, each in its folder. */
export const controllers: Type<object>[] = [];

/** What they are given, beside `Database`, `BusConnection`, `DurableLog` (the stream), `Metrics`, `LedgerConfig` and the log. */
export const providers: Type<object>[] = [];
