import {
  idle,
  LeasedWork,
  operationSubject,
  together,
  type DurableLog,
  type KeyValueStore,
  type Lease,
} from '#lgsp/bus';
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
  private readonly running: LeasedWork;

  constructor(private readonly parts: IntakeParts) {
    const complain = (error: unknown): void => {
      const { code } = BusError.from(error);
      parts.log.warn({ code, err: code === 'internal' ? error : undefined }, 'records cannot be followed now');
    };
    this.running = new LeasedWork(parts.lease, (signal) => this.follow(signal), { pauseMs: idleMs, complain });
  }

  start(): void {
    this.running.start();
  }

  stop(): Promise<void> {
    return this.running.stop();
  }

  private async follow(stopped: AbortSignal): Promise<void> {
    const { room, lease } = this.parts;
    await room.fill(stopped);
    const fill = async (signal: AbortSignal): Promise<void> => {
      for (; !signal.aborted && lease.held; await idle(idleMs, signal)) await room.fill(signal);
    };
    await together(stopped, (signal) => this.read(signal), fill);
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
