import type { Leases } from '#lgsp/bus';
import { openJobHolds, type JobHold, type JobQueue } from '#lgsp/jobs';
import type { BusConnection, KeyValueStore } from '#lgsp/bus';
import type { Logger } from '#lgsp/telemetry';
import type { CourierConfig } from '../courier.config';
import type { JobRunner } from '../send/job.runner';
import { MaintenanceWindow } from './maintenance.window';
import { RateGate } from './rate.gate';
import { SystemDrain } from './system.drain';
import { SystemHold } from './system.hold';

export interface DrainsParts {
  queue: JobQueue;
  runner: JobRunner;
  leases: Leases;
  config: CourierConfig;
  log: Logger;
}

/** The drains of all systems that ever had jobs: one comes up when the first job of a system does. */
export class Drains {
  private readonly drains = new Map<string, SystemDrain>();
  private stopping = false;

  private constructor(
    private readonly parts: DrainsParts,
    /** What operators pause and resume, seen by every courier. */
    readonly holds: KeyValueStore<JobHold>,
  ) {}

  static async open(connection: BusConnection, parts: DrainsParts): Promise<Drains> {
    return new Drains(parts, await openJobHolds(connection));
  }

  /** Resolves once every queue that is known is read. */
  async start(): Promise<void> {
    await this.holds.watch((system, stored) => this.drainOf(system).hold.pause(stored?.value));
    await this.parts.queue.marks.watch((_key, stored) => {
      if (stored) void this.read(stored.value.system, stored.value.client);
    });
  }

  async stop(withinMs: number): Promise<void> {
    this.stopping = true;
    await Promise.all([...this.drains.values()].map((drain) => drain.stop(withinMs)));
  }

  list(): SystemDrain[] {
    return [...this.drains.values()];
  }

  private async read(system: string, client: string): Promise<void> {
    const drain = this.drainOf(system);
    for (;;) {
      try {
        await drain.addClient(client);
        return drain.start();
      } catch (error) {
        if (this.stopping) return;
        this.parts.log.warn({ err: error, system, client }, 'the jobs of a client cannot be read yet');
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
  }

  private drainOf(system: string): SystemDrain {
    let drain = this.drains.get(system);
    if (!drain) {
      const { queue, runner, leases, config, log } = this.parts;
      const hours = config.maintenance[system];
      drain = new SystemDrain({
        system,
        queue,
        runner,
        hold: new SystemHold(hours === undefined ? undefined : new MaintenanceWindow(hours)),
        rate: new RateGate(config.systemPerSecond[system] ?? config.perSecond),
        lease: leases.of(`jobs.${system}`),
        inFlightMax: config.systemInFlightMax[system] ?? config.inFlightMax,
        log,
      });
      this.drains.set(system, drain);
    }
    return drain;
  }
}

const retryMs = 1_000;
