import {
  commandCallOf,
  type AdmittedCall,
  type CallRecords,
  type Commands,
  type Dispatcher,
  type Ended,
} from '#lgsp/dispatch';
import type { JobQueue } from '#lgsp/jobs';
import type { OperationEntry } from '../catalogue/service.description';

/** What it takes to accept a command. */
export interface LaterParts {
  jobs: JobQueue;
  commands: Commands;
  records: CallRecords;
  dispatcher: Dispatcher;
}

/** How long the gateway may have a command in hand until its job is durable, in milliseconds. */
const acceptMs = 10_000;

/** Commands whose callers do not wait: accepted once their job and their intent are durable, and sent by the courier. */
export class LaterCommands {
  constructor(private readonly parts: LaterParts) {}

  /** @param prefer the header `Prefer` (RFC 7240) as it came */
  modeOf({ kind, alwaysAsync }: OperationEntry, prefer: unknown): AdmittedCall['mode'] {
    if (kind !== 'command') return 'sync';
    return alwaysAsync || prefersAsync(prefer) ? 'async' : 'sync';
  }

  /** @throws BusError `overloaded`, `bus-unavailable`, `ledger-unavailable`, as for any command; it is not sent then */
  accept(call: AdmittedCall & { operation: OperationEntry }, newId: string): Promise<Ended> {
    const { commands, records, dispatcher, jobs } = this.parts;
    const held = { ...call, deadline: Math.min(call.deadline, Date.now() + acceptMs) };
    const record = records.open(held);
    const { client, system, operation, body, headers, receivedAt, language } = held;
    const { operation: name, version, kind, subject, timeoutMs, sensitivity, attemptsMax, ageMaxMs } = operation;
    const queueing = dispatcher.queueingOf(held, record, (turn) =>
      jobs.put({
        ...turn,
        client: { id: client.id, environment: client.environment },
        system,
        operation: {
          operation: name,
          version,
          kind,
          subject,
          timeoutMs,
          sensitivity,
          attemptsMax: attemptsMax!,
          ageMaxMs: ageMaxMs!,
        },
        headers,
        language,
        receivedAt,
        queuedAt: Date.now(),
        seed: record.seed,
        body,
      }),
    );
    return commands.enqueue(commandCallOf(held), newId, queueing);
  }
}

function prefersAsync(prefer: unknown): boolean {
  if (typeof prefer !== 'string' || prefer.length > 200) return false;
  return prefer.split(',').some((preference) => preference.split(';')[0]!.trim().toLowerCase() === 'respond-async');
}
