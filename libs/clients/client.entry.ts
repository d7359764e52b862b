import type { ClientLimits, ClientRecord } from './client.record';
import { clientIdPattern } from './client.record';
import { isNetwork } from './client.networks';

/** A client as people write it down: everything but its secrets and its state. */
export type ClientEntry = Pick<
  ClientRecord,
  'id' | 'name' | 'agencies' | 'environment' | 'role' | 'grants' | 'networks' | 'limits'
>;

/** An entry as it may be written: most of it has a default. */
type WrittenEntry = Partial<ClientEntry> & Pick<ClientEntry, 'id' | 'agencies' | 'grants'>;

/** What is wrong with an entry: where (`grants`, 2 for its third), and what is asked there. */
export interface EntryFault {
  path: (string | number)[];
  says: string;
}

const nameLengthMax = 200;
/** Most agencies, grants or networks of one client. */
const listMax = 500;
const limitMax = 9_999_999_999;

type Check = (value: unknown, path: EntryFault['path']) => EntryFault[];

const grantPattern = /^(\*|[a-z][a-z0-9-]*\.(\*|[a-z][a-z0-9-]*))$/;
const agencyPattern = /^[\x21-\x2b\x2d-\x7e]{1,64}$/;

const text =
  (holds: (text: string) => boolean, says: string): Check =>
  (value, path) =>
    typeof value === 'string' && holds(value) ? [] : [{ path, says: `${says}, not ${shown(value)}` }];

const listOf =
  (item: Check, least: number): Check =>
  (value, path) => {
    if (!Array.isArray(value)) return [{ path, says: `must be a list, not ${shown(value)}` }];
    if (value.length < least) return [{ path, says: 'must not be empty' }];
    if (value.length > listMax) return [{ path, says: `must have at most ${listMax} items` }];
    return value.flatMap((element, index) => item(element, [...path, index]));
  };

const oneOf = (...names: readonly string[]): Check =>
  text((value) => names.includes(value), `must be ${names.join(' or ')}`);

const limitNames = [
  'perSecond',
  'burst',
  'perSecondAtSystem',
  'perDay',
  'perMonth',
] as const satisfies readonly (keyof ClientLimits)[];

const limit: Check = (value, path) =>
  Number.isInteger(value) && Number(value) > 0 && Number(value) <= limitMax
    ? []
    : [{ path, says: `must be a whole number above 0, not ${shown(value)}` }];

const limits: Check = (value, path) => {
  if (!isPlainObject(value)) return [{ path, says: `must name limits: ${limitNames.join(', ')}` }];
  return Object.entries(value).flatMap(([name, given]) =>
    (limitNames as readonly string[]).includes(name)
      ? limit(given, [...path, name])
      : [{ path: [...path, name], says: `is no limit; there are ${limitNames.join(', ')}` }],
  );
};

/** Every field of an entry with what it asks; `required` ones have no default. */
const fields: Record<keyof ClientEntry, { required?: true; check: Check }> = {
  id: {
    required: true,
    check: text((id) => clientIdPattern.test(id), 'must be 3 to 40 of a-z, 0-9 and -, beginning with a letter'),
  },
  name: {
    check: text(
      (name) => name.trim() !== '' && name.length <= nameLengthMax && !/\p{Cc}/u.test(name),
      `must be 1 to ${nameLengthMax} characters in one line`,
    ),
  },
  agencies: {
    required: true,
    check: listOf(
      text((code) => agencyPattern.test(code), 'must be the code of an agency such as H24.11, or *'),
      1,
    ),
  },
  environment: { check: oneOf('production', 'sandbox') },
  role: { check: oneOf('caller', 'operator') },
  grants: {
    required: true,
    check: listOf(
      text((grant) => grantPattern.test(grant), 'must be <system>.<operation>, <system>.* or *'),
      0,
    ),
  },
  networks: {
    check: listOf(text(isNetwork, 'must be a network such as 10.20.0.0/16, or an address'), 0),
  },
  limits: { check: limits },
};

/** Reads what somebody wrote of a client. @returns the entry with its defaults, or every fault of it at once */
export function readClientEntry(value: unknown): { entry: ClientEntry } | { faults: EntryFault[] } {
  if (!isPlainObject(value)) return { faults: [{ path: [], says: `must be a client, not ${shown(value)}` }] };
  const faults: EntryFault[] = [];
  for (const name of Object.keys(value).filter((key) => !Object.hasOwn(fields, key)))
    faults.push({ path: [name], says: `is no field of a client; there are ${Object.keys(fields).join(', ')}` });
  for (const [name, { required, check }] of Object.entries(fields)) {
    const given = value[name];
    if (given !== undefined && given !== null) faults.push(...check(given, [name]));
    else if (required) faults.push({ path: [name], says: 'is required' });
  }
  if (faults.length > 0) return { faults };
  const {
    id,
    name = id,
    environment = 'production',
    role = 'caller',
    networks,
    limits: own,
    ...rest
  } = value as unknown as WrittenEntry;
  return {
    entry: {
      id,
      name,
      agencies: unique(rest.agencies),
      environment,
      role,
      grants: unique(rest.grants),
      networks: networks && networks.length > 0 ? unique(networks) : undefined,
      limits: own && Object.keys(own).length > 0 ? own : undefined,
    },
  };
}

const unique = (list: readonly string[]): string[] => [...new Set(list)];

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value as a fault shows it: short, and never a secret that somebody put into the wrong place. */
function shown(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return Array.isArray(value) ? 'a list' : 'an object';
  return value.length > 40 ? `a text of ${value.length} characters` : JSON.stringify(value);
}
