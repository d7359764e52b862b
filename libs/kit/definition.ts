import { ageMaxMsLeast, ageMaxMsLimit, attemptsMaxLimit, contextNames, type ContextName } from '#lgsp/bus';
import type { Text } from '#lgsp/errors';
import { feedFaults, followFaults, type FeedTerms, type FollowTerms } from '#lgsp/progress';
import type { Sensitivity } from '#lgsp/telemetry';
import { parseFullDate } from '#lgsp/vietnam';

/** A message class: its fields carry class-validator decorators, from which validation and JSON Schema both come. */
export type MessageClass<T extends object = object> = new () => T;

interface OperationFields<I extends object, O extends object> {
  /** What it does for the caller, in one sentence. */
  summary: Text;
  input: MessageClass<I>;
  output: MessageClass<O>;
  /** Context headers without which a call is refused at the door. */
  requires?: readonly ContextName[];
  /** How long the whole call may take, 100 to 120,000 ms. A caller can only shorten it. */
  timeoutMs: number;
  /** What the bodies hold; decides what a log line may show. */
  sensitivity: Sensitivity;
  /** A call that succeeds as it stands against the sandbox. */
  example: {
    input: NoInfer<I>;
    output: NoInfer<O>;
    /** Top-level fields of the output that differ from call to call (ids, times). */
    varies?: readonly string[];
  };
  /** Semantic version of this operation; the connector's when left out. */
  version?: string;
  /** Day in Vietnam since when callers are asked to use another operation or a later version, `2026-11-25`. */
  deprecatedSince?: string;
  /** Day on which it is taken away, after that: until then its callers are promised that it is there. */
  sunsetOn?: string;
}

/** Repeatable without effect at the outside system. */
export interface Query<I extends object = object, O extends object = object> extends OperationFields<I, O> {
  kind: 'query';
}

/** Has an effect at the outside system, so it needs an idempotency key and a way to find out what became of it. */
export interface Command<I extends object = object, O extends object = object> extends OperationFields<I, O> {
  kind: 'command';
  /** In one sentence: as what the idempotency key reaches the outside system, and why repeating is safe. */
  idempotency: string;
  /** How it is sent when its caller does not wait for it. */
  delivery?: Delivery;
  /** How what it begins at the outside system is asked about until it ends; by the adapter's `<verb>Progress`. */
  follow?: FollowTerms;
}

/** A command that begins something which goes on afterwards. */
export interface FollowedOperation<I extends object = object, O extends object = object> extends Command<I, O> {
  follow: FollowTerms;
}

/** A list of changes that the outside system keeps for us until we have them. */
export interface Feed extends FeedTerms {
  /** What it lists, in one sentence. */
  summary: Text;
  /** How long one reading, or one acknowledgement, may take. */
  timeoutMs: number;
}

/** Bounds of a command that is sent by the courier, after its caller was answered with 202. */
export interface Delivery {
  /** Its callers never wait, also when they do not ask for it with `Prefer: respond-async`. */
  always?: boolean;
  /** How often it is sent at most, 1 to 100; 12 when left out. */
  attemptsMax?: number;
  /** How long after it was accepted it is still sent, a minute to six days; three days when left out. */
  ageMaxMs?: number;
}

export type Operation<I extends object = object, O extends object = object> = Query<I, O> | Command<I, O>;

export interface ConnectorDefinition<
  Ops extends Record<string, Operation> = Record<string, Operation>,
  Feeds extends Record<string, Feed> = Record<string, Feed>,
> {
  /** The system, kebab-case: `civil-registry`. */
  name: string;
  /** Semantic version of the connector. */
  version: string;
  /** Who answers for it. */
  owner: string;
  summary: Text;
  /**
   * By verb in camelCase: `registerBirth` is `register-birth` on the wire. An earlier version beside the present one has its
   * major at the end: `registerBirthV1`, of version `1.4.0`, is `register-birth` in `v1`.
   */
  operations: Ops;
  /**
   * By name in camelCase: a page of it is read by the adapter's `<name>Feed`, and acknowledged by its `<name>Acknowledge` once
   * its changes are durable here.
   */
  feeds?: Feeds;
}

/** Keeps the exact message types of an operation for `AdapterOf`. */
export function operation<I extends object, O extends object>(query: Query<I, O>): Query<I, O>;
export function operation<I extends object, O extends object>(
  command: FollowedOperation<I, O>,
): FollowedOperation<I, O>;
export function operation<I extends object, O extends object>(command: Command<I, O>): Command<I, O>;
export function operation(it: Operation): Operation {
  return it;
}

export const timeoutMsMax = 120_000;
const timeoutMsMin = 100;

/** Checks a definition when the process starts, so that a wrong one never serves. @throws Error naming every fault */
export function defineConnector<
  const Ops extends Record<string, Operation>,
  const Feeds extends Record<string, Feed> = Record<string, Feed>,
>(definition: ConnectorDefinition<Ops, Feeds>): ConnectorDefinition<Ops, Feeds> {
  const faults: string[] = [];
  if (!/^[a-z][a-z0-9-]*$/.test(definition.name)) faults.push(`name "${definition.name}" is not kebab-case`);
  if (!/^\d+\.\d+\.\d+$/.test(definition.version)) faults.push(`version "${definition.version}" is not semantic`);
  if (Object.keys(definition.operations).length === 0) faults.push('there is no operation');
  const addresses = new Map<string, string>();
  for (const [verb, it] of Object.entries(definition.operations)) {
    faults.push(...versionFaults(verb, it, definition.version).map((fault) => `${verb}: ${fault}`));
    const address = `${majorVersion(it.version ?? definition.version)}.${operationName(verb)}`;
    if (addresses.has(address)) faults.push(`${verb}: ${addresses.get(address)} is ${address} already`);
    addresses.set(address, verb);
    if (!/^[a-z][A-Za-z0-9]*$/.test(verb)) faults.push(`${verb}: is not camelCase`);
    if (it.timeoutMs < timeoutMsMin || it.timeoutMs > timeoutMsMax) {
      faults.push(`${verb}: timeoutMs ${it.timeoutMs} is outside ${timeoutMsMin} to ${timeoutMsMax}`);
    }
    if (it.kind === 'command' && !it.idempotency) faults.push(`${verb}: a command must say how it is idempotent`);
    if (it.kind === 'command') faults.push(...deliveryFaults(it.delivery).map((fault) => `${verb}: ${fault}`));
    if (it.kind === 'command' && it.follow) faults.push(...followFaults(it.follow).map((fault) => `${verb}: ${fault}`));
    for (const field of it.example.varies ?? []) {
      if (!(field in it.example.output))
        faults.push(`${verb}: the example's output has no field "${field}" that varies`);
    }
    for (const name of it.requires ?? []) {
      if (!contextNames.includes(name)) faults.push(`${verb}: requires "${name}", which is no context`);
    }
  }
  for (const [name, feed] of Object.entries<Feed>(definition.feeds ?? {}))
    faults.push(...feedFaults(feed).map((fault) => `${name}: ${fault}`));
  if (faults.length > 0) throw new Error(`connector ${definition.name}: ${faults.join('; ')}`);
  return definition;
}

function deliveryFaults({ attemptsMax, ageMaxMs }: Delivery = {}): string[] {
  const faults: string[] = [];
  if (attemptsMax !== undefined && !(attemptsMax >= 1 && attemptsMax <= attemptsMaxLimit))
    faults.push(`attemptsMax ${attemptsMax} is outside 1 to ${attemptsMaxLimit}`);
  if (ageMaxMs !== undefined && !(ageMaxMs >= ageMaxMsLeast && ageMaxMs <= ageMaxMsLimit))
    faults.push(`ageMaxMs ${ageMaxMs} is outside ${ageMaxMsLeast} to ${ageMaxMsLimit}`);
  return faults;
}

const earlierVersion = /V([1-9][0-9]?)$/;

function versionFaults(verb: string, { version, deprecatedSince, sunsetOn }: Operation, connector: string): string[] {
  const major = earlierVersion.exec(verb)?.[1];
  const isSaid = major === undefined || majorVersion(version ?? connector) === `v${major}`;
  const days = [deprecatedSince, sunsetOn].filter((day) => day !== undefined && !parseFullDate(day).ok);
  return [
    ...(isSaid ? [] : [`its version ${version ?? connector} is not of v${major}`]),
    ...days.map((day) => `"${day}" is not a day, yyyy-MM-dd`),
    ...(sunsetOn !== undefined && !(deprecatedSince !== undefined && deprecatedSince < sunsetOn)
      ? ['it is taken away only after it was deprecated: sunsetOn needs an earlier deprecatedSince']
      : []),
  ];
}

/** Name on the wire of an operation: `registerBirth` and its earlier version `registerBirthV1` are both `register-birth`. */
export function operationName(verb: string): string {
  return kebabCase(verb.replace(earlierVersion, ''));
}

/** `registerBirth` → `register-birth`. */
export function kebabCase(verb: string): string {
  return verb.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Major version on the wire of an operation: `1.2.0` → `v1`. */
export function majorVersion(version: string): string {
  return `v${version.split('.')[0]}`;
}
