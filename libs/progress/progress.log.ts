import { createHash } from 'node:crypto';
import { DurableLog, type BusConnection, type LogState } from '#lgsp/bus';
import type { Observation } from './observation';

/** The stream of observations, `lgsp.progress.<system>`. */
export const progressStream = { name: 'PROGRESS', subjects: 'lgsp.progress.>' } as const;

function progressSubject(system: string): string {
  return `lgsp.progress.${system}`;
}

const keptMs = 30 * 86_400_000;
const bytesMax = 1_073_741_824;
/** For how long the server knows an observation that is told again. */
const duplicateMs = 3_600_000;

/** An observation and its place in the log. */
export interface PlacedObservation {
  sequence: number;
  observation: Observation;
}

/** What outside systems said of what goes on there, durable and in the order in which it came in. */
export class ProgressLog {
  private constructor(private readonly log: DurableLog) {}

  /** Opens the stream, and makes it when it is not there. */
  static async open(connection: BusConnection): Promise<ProgressLog> {
    const { name: stream, subjects: subject } = progressStream;
    const description = 'what outside systems said of dossiers, payments and parcels under way';
    const log = await DurableLog.open(connection, { stream, subject, description, keptMs, bytesMax, duplicateMs });
    return new ProgressLog(log);
  }

  /**
   * Resolves once it is durable; the same observation told again is the same entry. One that names its transaction is another one
   * than one that does not: it may say for the first time whose reference it is.
   * @throws BusError `bus-unavailable`
   */
  async append(observation: Observation): Promise<void> {
    const { system, reference, upstreamState, at, transactionId } = observation;
    const id = createHash('sha256')
      .update(JSON.stringify([system, reference, upstreamState, at, transactionId]))
      .digest('base64url');
    await this.log.append(progressSubject(system), Buffer.from(JSON.stringify(observation)), { id });
  }

  /** Where the log stands. @throws BusError `bus-unavailable` */
  state(): Promise<LogState> {
    return this.log.state();
  }

  /** Those of a system from after a position on, and then whatever comes, until the signal aborts. */
  async *follow(system: string, after: number, signal: AbortSignal): AsyncGenerator<PlacedObservation> {
    for await (const { sequence, data } of this.log.follow(progressSubject(system), after, signal)) {
      yield { sequence, observation: JSON.parse(Buffer.from(data).toString('utf8')) as Observation };
    }
  }
}
