import { idle, operationSubject, type DurableLog, type KeyValueStore, type Lease } from '#lgsp/bus';
import { BusError } from '#lgsp/errors';
import type { FollowPosition } from '#lgsp/progress';
import { ledgerStream, type CommandRecord, type TransactionRecord } from '#lgsp/records';
import type { Logger } from '#lgsp/telemetry';
import { succeededCommands } from './command.records';
import type { DeclaredTerms } from './declared.terms';
import type { FollowingRoom } from './following.room';
import { LogPosition } from './log.position';

export interface IntakeParts {
  ledger: DurableLog;
  commands: KeyValueStore<CommandRecord>;
  positions: KeyValueStore<FollowPosition>;
  declared: DeclaredTerms;
  room: FollowingRoom;
  lease: Lease;
  log: Logger;
}

const idleMs = 1_000;
/** What had happened so long before the book was begun to be read is not followed: nobody is asked about an old book. */
const newsMs = 30 * 86_400_000;
const positionKey = 'records';

/**
 * Learns from the book's own stream what is to be followed: nothing is added to the way of a call, and whatever is killed, the
 * record is there. One courier does it at a time; done twice it is the same, since an item is made once. It lets in what waits as well.
 */
export class RecordIntake {
  private readonly stopping = new AbortController();
  private running?: Promise<void>;

  constructor(private readonly parts: IntakeParts) {}

  start(): void {
    this.running = this.work();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await this.parts.lease.release();
  }

  private async work(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        if (await this.parts.lease.take()) await this.follow(signal);
      } catch (error) {
        const { code } = BusError.from(error);
        const err = code === 'internal' ? error : undefined;
        if (!signal.aborted) this.parts.log.warn({ code, err }, 'records cannot be followed now');
      }
      await idle(idleMs, signal);
    }
  }

  /** Until the lease is lost, or something fails: then both halves end before anybody begins anew. */
  private async follow(stopped: AbortSignal): Promise<void> {
    const { room, lease } = this.parts;
    await room.fill(stopped);
    const ending = new AbortController();
    const signal = AbortSignal.any([stopped, ending.signal]);
    const fill = async (): Promise<void> => {
      for (; !signal.aborted && lease.held; await idle(idleMs, signal)) await room.fill(signal);
    };
    const halves = [this.read(signal), fill()].map((half) => half.finally(() => ending.abort()));
    for (const half of await Promise.allSettled(halves)) if (half.status === 'rejected') throw half.reason;
  }

  private async read(signal: AbortSignal): Promise<void> {
    const { ledger, positions, lease } = this.parts;
    const position = await LogPosition.open(positions, positionKey, ledger);
    try {
      for await (const { sequence, data } of ledger.follow(ledgerStream.subjects, position.last, signal)) {
        if (!lease.held) return;
        for (const record of succeededCommands(data)) await this.begin(record, position.beganAt - newsMs);
        position.reach(sequence);
      }
    } finally {
      await position.close();
    }
  }

  private async begin(record: TransactionRecord, newsFrom: number): Promise<void> {
    const { declared, room, commands } = this.parts;
    const { id: transactionId, system, operation, version, client, agency, dossier, linkedDossier, procedure } = record;
    const { trace } = record;
    const since = record.answeredAt ?? record.receivedAt;
    const subject = operationSubject(system, `v${version.split('.')[0]}`, operation);
    const terms = declared.followOf(subject);
    // What nobody has said anything of yet is kept until somebody does.
    if ((!terms && declared.of(subject)) || since < newsFrom) return;
    const kept = record.idempotency === undefined ? undefined : (await commands.get(record.idempotency))?.value;
    // Its key is gone: then only what is named by the dossier alone is found, and the rest is told to be overdue.
    const idempotencyKey = kept?.transactionId === transactionId ? kept.key : transactionId;
    const pauseMs = terms?.firstMs ?? 0;
    const nextAt = since + pauseMs;
    const command = { transactionId, client, idempotencyKey, agency, dossier, linkedDossier, procedure };
    const isLater = record.mode === 'async' || undefined;
    const begun = { ...command, system, operation, subject, trace, since, isLater };
    await room.take({ ...begun, asked: 0, failures: 0, nextAt, pauseMs });
  }
}
