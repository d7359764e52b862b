import { setTimeout as pause } from 'node:timers/promises';
import { BusError } from '#lgsp/errors';
import type { Logger, Metrics } from '#lgsp/telemetry';
import type { Sql } from '../store/database';
import type { WriterDuty } from './applier';

const lookEveryMs = 2_000;

interface Age {
  system: string;
  outcome: string;
  seconds: number;
}

/** Shows how long the oldest open transaction of each system has been waiting: a duty of the one process that writes the book. */
export function openAges(sql: Sql, metrics: Metrics, log: Logger): WriterDuty {
  const show = (ages: readonly Age[]): void => {
    metrics.clear('lgsp_transactions_open_oldest_seconds');
    for (const { system, outcome, seconds } of ages)
      metrics.gauge('lgsp_transactions_open_oldest_seconds', { system, outcome }).set(Math.max(0, seconds));
  };
  return async (_book, signal) => {
    while (!signal.aborted) {
      try {
        show(await readAges(sql));
      } catch (error) {
        // As they were: that the database is away is told by the applier.
        log.debug({ code: BusError.from(error).code }, 'the ages of open transactions cannot be read now');
      }
      await pause(lookEveryMs, undefined, { signal }).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
    }
    // Whoever writes the book next shows them.
    show([]);
  };
}

const readAges = (sql: Sql): Promise<Age[]> =>
  sql.query<Age>(
    `select system, outcome, extract(epoch from now() - min(at))::float8 as seconds
     from transactions where not final group by system, outcome`,
  );
