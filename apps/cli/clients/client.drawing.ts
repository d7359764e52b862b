import type { AuditedClient, ClientRecord } from '#lgsp/clients';

export const print = (text: string): void => void process.stdout.write(`${text}\n`);

export function tellSecret(id: string, secret: string, json: boolean | undefined, what: string): void {
  print(json ? JSON.stringify({ id, secret }) : `${id} ${what}, shown only now: ${secret}`);
}

/** What it may now. */
export function tellClient({ id, state, grants, networks = [], limits }: ClientRecord, json?: boolean): void {
  if (json) return print(JSON.stringify({ id, state, grants, networks, limits }));
  const calls = grants.join(' ') || 'nothing';
  print(`${id} is ${state} and may call: ${calls}; from: ${fromWhere(networks)}; limits: ${describeLimits(limits)}`);
}

export function describeClient(client: ClientRecord): string {
  const { id, name, role, environment, state, agencies, grants, networks = [], limits, secrets } = client;
  return [
    `${id}: ${name}, ${role}, ${environment}, ${state}`,
    `agencies ${agencies.join(' ')}`,
    `grants   ${grants.join(' ') || 'nothing'}`,
    `networks ${fromWhere(networks)}`,
    `limits   ${describeLimits(limits)}`,
    `secrets  ${secrets.length} valid`,
  ].join('\n');
}

const fromWhere = (networks: readonly string[]): string => networks.join(' ') || 'anywhere';

const describeLimits = (limits: ClientRecord['limits'] = {}): string =>
  Object.entries(limits)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ') || 'the defaults';

/** What a change changed, in words: `state active → suspended`, `grants + payment.*`, `limits.perDay none → 1000`. */
export function differences(before: object | null, after: object, prefix = ''): string[] {
  const old = (before ?? {}) as Record<string, unknown>;
  const now = after as Record<string, unknown>;
  const told = new Set<keyof AuditedClient>(['id', 'createdAt']);
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .filter((name) => prefix !== '' || !told.has(name as keyof AuditedClient))
    .flatMap((name) => difference(prefix + name, old[name], now[name]));
}

function difference(name: string, before: unknown, after: unknown): string[] {
  if (Array.isArray(before) || Array.isArray(after)) {
    const [old, now] = [before ?? [], after ?? []].map((list) => list as unknown[]) as [unknown[], unknown[]];
    const added = now.filter((item) => !old.includes(item)).map((item) => `+ ${String(item)}`);
    const removed = old.filter((item) => !now.includes(item)).map((item) => `− ${String(item)}`);
    return added.length + removed.length === 0 ? [] : [`${name} ${[...added, ...removed].join(' ')}`];
  }
  if (isObject(before) || isObject(after))
    return differences(isObject(before) ? before : null, isObject(after) ? after : {}, `${name}.`);
  return before === after ? [] : [`${name} ${worded(before)} → ${worded(after)}`];
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const worded = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined ? 'none' : JSON.stringify(value);
