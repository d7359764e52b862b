import type { BusClient, BusConnection, DurableLog, DurableQueue, KeyValueStore, Leases } from '#lgsp/bus';
import type { EventLog } from '#lgsp/events';
import type { JobHold, JobState } from '#lgsp/jobs';
import {
  dossierTerms,
  openFollowed,
  openFollowPositions,
  openUnclaimed,
  openWaitingItems,
  parseFeedSubject,
  ProgressLog,
  type FollowedItem,
  type FollowPosition,
  type FollowTerms,
  type Unclaimed,
} from '#lgsp/progress';
import { openCommandStore, openLedgerStream } from '#lgsp/recorder';
import type { CommandRecord } from '#lgsp/records';
import type { Logger, Metrics } from '#lgsp/telemetry';
import type { CourierConfig } from '../courier.config';
import { MaintenanceWindow } from '../drain/maintenance.window';
import { RateGate } from '../drain/rate.gate';
import { SystemHold } from '../drain/system.hold';
import { Ageing } from './ageing';
import { DeclaredTerms, openFollowTerms, type Declared } from './declared.terms';
import { FollowedItems } from './followed.items';
import { FollowingRoom } from './following.room';
import { Poller } from './poller';
import { RecordIntake } from './record.intake';
import { SystemFollowing } from './system.following';

export interface FollowingsParts {
  connection: BusConnection;
  client: BusClient;
  events: EventLog;
  jobs: KeyValueStore<JobState>;
  /** What operators pause and resume. */
  holds: KeyValueStore<JobHold>;
  leases: Leases;
  config: CourierConfig;
  log: Logger;
  metrics: Metrics;
}

interface Stores {
  ledger: DurableLog;
  commands: KeyValueStore<CommandRecord>;
  followed: KeyValueStore<FollowedItem>;
  terms: KeyValueStore<Declared>;
  progress: ProgressLog;
  positions: KeyValueStore<FollowPosition>;
  unclaimed: KeyValueStore<Unclaimed>;
  waiting: DurableQueue;
}

/** What is followed of all systems: a system comes up when its first item does, or its connector has a list of changes. */
export class Followings {
  readonly items: FollowedItems;
  readonly room: FollowingRoom;
  private readonly declared: DeclaredTerms;
  private readonly intake: RecordIntake;
  private readonly systems = new Map<string, SystemFollowing>();
  private readonly paused = new Map<string, JobHold | undefined>();
  private isStarted = false;

  private constructor(
    private readonly parts: FollowingsParts,
    private readonly stores: Stores,
  ) {
    const { connection, leases, config, log } = parts;
    this.items = new FollowedItems(stores.followed, (system) => this.come(system));
    const { pollMsMax, followedMax: itemsMax } = config;
    this.room = new FollowingRoom({ items: this.items, waiting: stores.waiting, itemsMax, log });
    this.declared = new DeclaredTerms({ store: stores.terms, connection, log, pollMsMax }, ({ system, feed }) => {
      if (feed) this.come(system);
    });
    const { room, declared } = this;
    this.intake = new RecordIntake({ ...stores, room, declared, lease: leases.of('follow-records'), log });
  }

  static async open(parts: FollowingsParts): Promise<Followings> {
    const { connection } = parts;
    const [ledger, commands, followed, terms, progress, positions, unclaimed, waiting] = await Promise.all([
      openLedgerStream(connection),
      openCommandStore(connection),
      openFollowed(connection),
      openFollowTerms(connection),
      ProgressLog.open(connection),
      openFollowPositions(connection),
      openUnclaimed(connection),
      openWaitingItems(connection),
    ]);
    return new Followings(parts, { ledger, commands, followed, terms, progress, positions, unclaimed, waiting });
  }

  /** Resolves once everything that is followed is known. */
  async start(): Promise<void> {
    await this.parts.holds.watch((system, stored) => {
      this.paused.set(system, stored?.value);
      this.systems.get(system)?.hold.pause(stored?.value);
    });
    await Promise.all([this.items.start(), this.declared.start()]);
    this.isStarted = true;
    for (const following of this.systems.values()) following.start();
    this.intake.start();
  }

  async stop(): Promise<void> {
    this.isStarted = false;
    this.declared.stop();
    await Promise.all([this.intake.stop(), ...this.list().map((following) => following.stop())]);
  }

  list(): SystemFollowing[] {
    return [...this.systems.values()];
  }

  /** Of an item; undefined as long as its connector was never seen, or does not follow it. */
  termsOf({ subject }: FollowedItem): FollowTerms | undefined {
    return this.declared.followOf(subject);
  }

  private come(system: string): void {
    if (this.systems.has(system)) return;
    const following = this.follow(system);
    this.systems.set(system, following);
    if (this.isStarted) following.start();
  }

  private follow(system: string): SystemFollowing {
    const { items, declared } = this;
    const { client, events, jobs, leases, config, log, metrics } = this.parts;
    const { progress, unclaimed, positions } = this.stores;
    const hours = config.maintenance[system];
    const hold = new SystemHold(hours === undefined ? undefined : new MaintenanceWindow(hours));
    hold.pause(this.paused.get(system));
    const rate = new RateGate(config.systemPollsPerSecond[system] ?? config.pollsPerSecond);
    const termsOf = (item: FollowedItem): FollowTerms | undefined => this.termsOf(item);
    const firstMsOf = (item: FollowedItem): number => (termsOf(item) ?? dossierTerms).firstMs;
    return new SystemFollowing({
      system,
      lease: leases.of(`follow.${system}`),
      hold,
      items,
      declared,
      progress,
      unclaimed,
      positions,
      log,
      termsOf,
      isLeft: ({ subject }) => config.listsLeft.includes(`${system}.${parseFeedSubject(subject)?.feed}`),
      ageing: new Ageing(items, events, log),
      poller: new Poller({ system, client, progress, items, hold, rate, log, metrics }),
      observations: { system, progress, items, events, jobs, firstMsOf, log, metrics },
    });
  }
}
