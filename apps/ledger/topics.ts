import type { Type } from '@nestjs/common';

/** The controllers of the book's topics, each in its folder. */
export const controllers: Type<object>[] = [];

/** What they are given, beside the database, the bus, the stream and the metrics. */
export const providers: Type<object>[] = [];
