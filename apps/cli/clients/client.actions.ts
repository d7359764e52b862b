import { readClientEntry, type ClientChange, type ClientEntry, type ClientRegistry } from '#lgsp/clients';
import { UsageError } from '../settings';
import { drawColumns } from '../table';
import { describeClient, differences, print, tellSecret } from './client.drawing';

export interface AddOptions {
  name?: string;
  agency: string[];
  grant: string[];
  network?: string[];
  role: ClientEntry['role'];
  environment: ClientEntry['environment'];
  json?: boolean;
}

export async function addClient(registry: ClientRegistry, id: string, options: AddOptions): Promise<void> {
  const { name, agency: agencies, grant: grants, network: networks, environment, role, json } = options;
  const read = readClientEntry({ id, name, agencies, grants, networks, environment, role });
  if ('faults' in read)
    throw new UsageError(read.faults.map(({ path, says }) => `${path.join(' ')} ${says}`).join('\n'));
  const secret = await registry.add(read.entry);
  if (secret === undefined) throw new UsageError(`there is a client "${id}" already`);
  tellSecret(id, secret, json, 'is registered');
}

export const checkedGrants = (grants: string[]): string[] => checked({ grants }, 'grants');
export const checkedNetworks = (networks: string[]): string[] => checked({ networks }, 'networks');

/** One field of a client by the rules of the whole. */
function checked<N extends 'grants' | 'networks'>(given: Record<N, string[]>, name: N): string[] {
  const read = readClientEntry({ id: 'any', agencies: ['*'], grants: [], ...given });
  if ('faults' in read) throw new UsageError(read.faults.map(({ says }) => `${name.slice(0, -1)} ${says}`).join('\n'));
  return read.entry[name] ?? [];
}

export async function listClients(registry: ClientRegistry, json = false): Promise<void> {
  const clients = (await registry.list()).map(({ secrets, changed: _mark, ...client }) => ({
    ...client,
    secrets: secrets.length,
  }));
  if (json) return print(JSON.stringify(clients, null, 2));
  const head = ['id', 'name', 'role', 'environment', 'state', 'agencies', 'grants', 'networks'];
  const lines = clients.map(({ id, name, role, environment, state, agencies, grants, networks = ['any'] }) => [
    id,
    name,
    role,
    environment,
    state,
    agencies.join(' '),
    grants.join(' '),
    networks.join(' '),
  ]);
  print(drawColumns([head, ...lines]));
}

export async function showClient(registry: ClientRegistry, id: string, json = false): Promise<void> {
  const record = await registry.get(id);
  if (!record) throw new UsageError(`there is no client "${id}"`);
  const changes: ClientChange[] = [];
  for await (const change of registry.history(id)) changes.push(change);
  const { secrets, changed: _mark, ...rest } = record;
  const client = { ...rest, secrets: secrets.map(({ id: secretId, createdAt }) => ({ id: secretId, createdAt })) };
  if (json) return print(JSON.stringify({ client, changes }, null, 2));
  const lines = changes.map(({ at, who, action, before, after }) => [
    at,
    who,
    action,
    differences(before, after).join('; '),
  ]);
  print(`${describeClient(record)}\n\n${drawColumns([['when', 'who', 'what', 'changes'], ...lines])}`);
}

export async function showHistory(registry: ClientRegistry, id: string | undefined, json = false): Promise<void> {
  if (json) {
    for await (const change of registry.history(id)) print(JSON.stringify(change));
    return;
  }
  const lines: string[][] = [];
  for await (const { at, who, client, action, before, after } of registry.history(id))
    lines.push([at, who, client, action, differences(before, after).join('; ')]);
  print(drawColumns([['when', 'who', 'client', 'what', 'changes'], ...lines]));
}
