import type { UpstreamCall } from '../call';
import type { MessageClass } from '../definition';
import { validateMessage } from '../input.reader';
import { invalidAnswer, type Repeatable } from './upstream.failure';

/** How an outside system spells one field of ours. */
export interface SpelledField {
  /** Its name there. */
  as: string;
  /** The message that its value is, by class name; a bare value when left out. */
  of?: string;
  /** A list, also where a single item comes without one, as in XML. */
  list?: boolean;
  /** Its listed values: ours in front. */
  values?: Readonly<Record<string, string>>;
  /** What ours is where theirs is another: XML has nothing but text, and some JSON has numbers in quotes. */
  reads?: 'text' | 'number' | 'boolean';
}

/** The whole spelling of an outside system as one table: by message class, by field of ours. */
export type Spelling = Readonly<Record<string, Readonly<Record<string, string | SpelledField>>>>;

type Theirs = Record<string, unknown>;

/** A message of ours as the outside system spells it, fields in the order of the table. Fields that are not in it stay out. */
export function toTheirs<T extends object>(spelling: Spelling, messageClass: MessageClass<T>, value: T): Theirs {
  return respell(spelling, messageClass.name, (ours) => (value as Theirs)[ours], 'theirs');
}

/**
 * An answer of the outside system as a message of ours, held against every rule of its class.
 * @param theirs what it sent; null and empty text are absent
 * @throws BusError that the answer is not valid, naming our fields and their rules and never a value
 */
export function fromTheirs<T extends object>(
  call: UpstreamCall,
  spelling: Spelling,
  messageClass: MessageClass<T>,
  theirs: unknown,
  repeatable?: Repeatable,
): T {
  const ours = respell(spelling, messageClass.name, (_, { as }) => memberOf(theirs, as), 'ours') as T;
  const faults = validateMessage(messageClass, ours);
  if (faults.length === 0) return ours;
  const which = faults.map(({ path, rule }) => `${path} ${rule}`).join(', ');
  throw invalidAnswer(
    call,
    { en: `the answer is not as described: ${which}`, vi: `phản hồi không đúng mô tả: ${which}` },
    repeatable,
  );
}

function respell(
  spelling: Spelling,
  message: string,
  valueOf: (ours: string, field: SpelledField) => unknown,
  into: 'ours' | 'theirs',
): Theirs {
  const result: Theirs = {};
  for (const [ours, spelled] of Object.entries(spelling[message] ?? {})) {
    const field = typeof spelled === 'string' ? { as: spelled } : spelled;
    const value = valueOf(ours, field);
    if (isAbsent(value)) continue;
    const items = Array.isArray(value) ? value : [value];
    const respelled = items.map((item: unknown) => respellItem(spelling, field, item, into));
    result[into === 'ours' ? ours : field.as] = field.list || Array.isArray(value) ? respelled : respelled[0];
  }
  return result;
}

function respellItem(spelling: Spelling, field: SpelledField, item: unknown, into: 'ours' | 'theirs'): unknown {
  const { of, reads, values } = field;
  if (values) return into === 'theirs' ? theirValue(values, item) : ourValue(values, item);
  if (of === undefined) return into === 'ours' ? readAs(reads, item) : item;
  const valueOf = (ours: string, { as }: SpelledField): unknown => memberOf(item, into === 'ours' ? as : ours);
  return respell(spelling, of, valueOf, into);
}

/** Listed values of ours, one or several, as the outside system spells them; what is not listed stays. */
export function theirValue<T>(values: Readonly<Record<string, string>>, given: T): T {
  if (Array.isArray(given)) return given.map((each: unknown) => theirValue(values, each)) as T;
  return (typeof given === 'string' && Object.hasOwn(values, given) ? values[given] : given) as T;
}

/** One that is not listed stays as it is: the rules of the message then refuse it. */
function ourValue(values: Readonly<Record<string, string>>, theirs: unknown): unknown {
  return Object.entries(values).find(([, spelled]) => spelled === theirs)?.[0] ?? theirs;
}

/** What cannot be read stays as it is: the rules of the message then refuse it. */
function readAs(reads: SpelledField['reads'], value: unknown): unknown {
  if (reads === 'text' && typeof value === 'number') return String(value);
  if (typeof value !== 'string') return value;
  if (reads === 'number') return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value) ? Number(value) : value;
  if (reads === 'boolean') return ['true', '1'].includes(value) ? true : ['false', '0'].includes(value) ? false : value;
  return value;
}

const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === '';

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Theirs)[name] : undefined;
