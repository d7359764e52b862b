import {
  KeyValueStore,
  parseOperationSubject,
  ServiceWatcher,
  type BusConnection,
  type SeenEndpoint,
  type SeenInstance,
} from '#lgsp/bus';
import { BusError } from '#lgsp/errors';
import { parseFeedSubject, readFeed, readFollow, type FeedTerms, type FollowTerms } from '#lgsp/progress';
import type { Logger } from '#lgsp/telemetry';

/** What a connector said of one of its commands or lists of changes, by subject. */
export interface Declared {
  system: string;
  subject: string;
  /** How long a question may take, in milliseconds. */
  timeoutMs: number;
  follow?: FollowTerms;
  feed?: FeedTerms;
}

export function openFollowTerms(connection: BusConnection): Promise<KeyValueStore<Declared>> {
  const description = 'how commands are followed and lists of changes are read, as their connectors said last';
  return KeyValueStore.open(connection, { bucket: 'FOLLOW_TERMS', description });
}

const timeoutMsDefault = 10_000;
const timeoutMsMax = 120_000;

export interface DeclaredParts {
  store: KeyValueStore<Declared>;
  connection: BusConnection;
  log: Logger;
  /** Longest pause that holds here, whatever a connector says, in milliseconds. */
  pollMsMax: number;
}

/**
 * What connectors say of what is followed: learned from the services protocol, so that no system is known by name, and
 * remembered, so that it is known also while a connector is away.
 */
export class DeclaredTerms {
  private readonly known = new Map<string, Declared>();
  private readonly watcher: ServiceWatcher;

  constructor(
    private readonly parts: DeclaredParts,
    /** Told whenever something is known anew. */
    private readonly onChange: (declared: Declared) => void,
  ) {
    this.watcher = new ServiceWatcher(parts.connection, parts.log, (change, instance) => {
      if (change === 'up') void this.read(instance);
    });
  }

  /** Resolves once what was remembered is known, and those who run were asked. */
  async start(): Promise<void> {
    await this.parts.store.watch((_key, stored) => {
      if (stored) this.learn(stored.value);
    });
    await this.watcher.start();
  }

  stop(): void {
    this.watcher.stop();
  }

  /** Undefined when nobody has said anything of it yet. */
  of(subject: string): Declared | undefined {
    return this.known.get(subject);
  }

  /** How what commands of an operation begin is followed here. */
  followOf(subject: string): FollowTerms | undefined {
    const terms = this.known.get(subject)?.follow;
    const { pollMsMax } = this.parts;
    return (
      terms && { ...terms, firstMs: Math.min(pollMsMax, terms.firstMs), mostMs: Math.min(pollMsMax, terms.mostMs) }
    );
  }

  /** The lists of changes of a system. */
  listsOf(system: string): (Declared & { feed: FeedTerms })[] {
    const { pollMsMax } = this.parts;
    return [...this.known.values()].flatMap((declared) => {
      const { feed } = declared;
      if (declared.system !== system || !feed) return [];
      return [{ ...declared, feed: { ...feed, everyMs: Math.min(pollMsMax, feed.everyMs) } }];
    });
  }

  private async read(instance: SeenInstance): Promise<void> {
    for (const endpoint of instance.endpoints) {
      const declared = declaredBy(endpoint);
      if (!declared || JSON.stringify(declared) === JSON.stringify(this.known.get(endpoint.subject))) continue;
      if ((endpoint.metadata['follow'] && !declared.follow) || (endpoint.metadata['feed'] && !declared.feed))
        this.parts.log.warn({ subject: endpoint.subject }, 'a connector does not say well how it is followed');
      this.learn(declared);
      try {
        await this.parts.store.put(endpoint.subject, declared);
      } catch (error) {
        // It is known here, and the next start of either learns it anew.
        this.parts.log.warn({ code: BusError.from(error).code }, 'what a connector says cannot be remembered now');
      }
    }
  }

  private learn(declared: Declared): void {
    this.known.set(declared.subject, declared);
    this.onChange(declared);
  }
}

/** Of a command, followed or not, and of a list of changes. */
function declaredBy({ subject, metadata }: SeenEndpoint): Declared | undefined {
  const told = Number(metadata['timeoutMs'] ?? timeoutMsDefault);
  const timeoutMs = told >= 1 && told <= timeoutMsMax ? told : timeoutMsDefault;
  const system = parseFeedSubject(subject)?.system;
  if (system) return { system, subject, timeoutMs, feed: readFeed(metadata['feed']) };
  const address = parseOperationSubject(subject);
  if (!address || metadata['kind'] !== 'command') return undefined;
  return { system: address.system, subject, timeoutMs, follow: readFollow(metadata['follow']) };
}
