import type { Metrics } from '#lgsp/telemetry';
import type { ProcedurePlan } from '../plan/step.plan';
import { current } from './procedure.moves';
import type { ProcedureRunner } from './procedure.runner';

const everyMs = 2_000;

/** What is open and how old it is, counted now and then by the one process that goes on with it. */
export class ProcedureMeters {
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly runner: ProcedureRunner,
    private readonly plan: ProcedurePlan<never>,
    private readonly metrics: Metrics,
  ) {}

  start(): void {
    this.timer = setInterval(() => this.look(), everyMs).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const { metrics, runner } = this;
    const open = runner.isMine
      ? runner.list().filter(({ state }) => state !== 'completed' && state !== 'given-up')
      : [];
    for (const { step } of this.plan.steps) {
      const there = open.filter((record) => current(record).step === step);
      const failed = there.filter(({ state }) => state === 'failed').length;
      metrics.gauge('lgsp_procedures_open', { step, state: 'under-way' }).set(there.length - failed);
      metrics.gauge('lgsp_procedures_open', { step, state: 'failed' }).set(failed);
      const since = there.map((record) => current(record).startedAt ?? record.acceptedAt);
      const oldest = since.length > 0 ? (Date.now() - Math.min(...since)) / 1_000 : 0;
      metrics.gauge('lgsp_procedures_oldest_seconds', { step }).set(oldest);
    }
  }
}
