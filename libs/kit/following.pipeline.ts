import type { BusContext } from '#lgsp/bus/server';
import { BusError, type FieldError } from '#lgsp/errors';
import type {
  CommandProgress,
  FeedAcknowledgement,
  FeedPage,
  FeedQuestion,
  FollowedCommand,
  FollowTerms,
} from '#lgsp/progress';
import type { Call } from './call';
import { CallRunner, type RunnerParts } from './call.runner';
import type { Feed } from './definition';

/** An adapter's way to say how commands fare. */
export type FindProgress = (commands: FollowedCommand[], call: Call) => Promise<CommandProgress[]>;
/** An adapter's way to read a list of changes, and to acknowledge them. */
export interface ReadFeed {
  read(question: FeedQuestion, call: Call): Promise<FeedPage>;
  acknowledge(acknowledgement: FeedAcknowledgement, call: Call): Promise<void>;
}

const textMax = 255;
const required = ['transactionId', 'client', 'idempotencyKey'] as const;
const optional = ['agency', 'dossier', 'linkedDossier', 'procedure'] as const;

/** The way of the question how commands fare. */
export class ProgressPipeline {
  private readonly runner: CallRunner;

  constructor(
    parts: RunnerParts,
    private readonly terms: FollowTerms,
    private readonly findProgress: FindProgress,
  ) {
    this.runner = new CallRunner(parts);
  }

  /** @throws BusError */
  run(body: Uint8Array, context: BusContext): Promise<Uint8Array> {
    return this.runner.run(context, 'query', (call) => this.findProgress(this.read(body), call));
  }

  private read(body: Uint8Array): FollowedCommand[] {
    const list = json(body);
    const most = this.terms.batchMax ?? 1;
    if (!Array.isArray(list) || list.length === 0 || list.length > most)
      throw invalid({ path: '', rule: 'items', message: `must be a list of 1 to ${most} commands` });
    return list.map((entry, index) => commandOf(entry, index));
  }
}

/** The way of a list of changes. */
export class FeedPipeline {
  private readonly runner: CallRunner;

  constructor(
    parts: RunnerParts,
    private readonly terms: Feed,
    private readonly feed: ReadFeed,
  ) {
    this.runner = new CallRunner(parts);
  }

  /** @throws BusError */
  read(body: Uint8Array, context: BusContext): Promise<Uint8Array> {
    return this.runner.run(context, 'query', async (call) => {
      const { limit } = (json(body) ?? {}) as Partial<FeedQuestion>;
      const { pageMax } = this.terms;
      if (!Number.isInteger(limit) || limit! < 1 || limit! > pageMax)
        throw invalid({ path: '/limit', rule: 'range', message: `must be a whole number from 1 to ${pageMax}` });
      return this.feed.read({ limit: limit! }, call);
    });
  }

  /** @throws BusError */
  acknowledge(body: Uint8Array, context: BusContext): Promise<Uint8Array> {
    return this.runner.run(context, 'command', async (call) => {
      const { tokens } = (json(body) ?? {}) as Partial<FeedAcknowledgement>;
      if (!Array.isArray(tokens) || tokens.length > this.terms.pageMax || !tokens.every(isText))
        throw invalid({
          path: '/tokens',
          rule: 'items',
          message: `must be a list of at most ${this.terms.pageMax} texts`,
        });
      await this.feed.acknowledge({ tokens }, call);
      return {};
    });
  }
}

function commandOf(entry: unknown, index: number): FollowedCommand {
  const told = (typeof entry === 'object' && entry !== null ? entry : {}) as Record<string, unknown>;
  const errors = [
    ...required.filter((name) => !isText(told[name])),
    ...optional.filter((name) => told[name] !== undefined && !isText(told[name])),
  ].map((name) => ({
    path: `/${index}/${name}`,
    rule: 'text',
    message: `must be a text of 1 to ${textMax} characters`,
  }));
  if (errors.length > 0) throw new BusError('invalid-request', { errors });
  return Object.fromEntries([...required, ...optional].map((name) => [name, told[name]])) as unknown as FollowedCommand;
}

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= textMax;
const invalid = (error: FieldError): BusError => new BusError('invalid-request', { errors: [error] });

function json(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch (cause) {
    throw new BusError('malformed-json', { cause });
  }
}
