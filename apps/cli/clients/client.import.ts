import { closeSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { issueSecret, type ClientEntry, type ClientRecord, type ClientRegistry } from '#lgsp/clients';
import { ProgressBar } from '../progress.bar';
import { UsageError } from '../settings';
import { differences, print } from './client.drawing';
import { readClientFile } from './client.file';
import type { Work } from './registry.access';

export interface ImportOptions {
  dryRun?: boolean;
  secrets?: string;
  json?: boolean;
}

const fileBytesMax = 1_048_576;

/** What an import does to one client. */
interface Step {
  entry: ClientEntry;
  what: 'added' | 'changed' | 'unchanged';
  changes: string[];
  /** Of a new client, when it goes into no file. */
  secret?: string;
}

/**
 * `lgsp clients import`: makes the registered clients what the file says. Who is not in the file stays as he is, and states
 * and secrets of those who are stay theirs; so the same file once more changes nothing.
 */
export async function importClients(
  path: string,
  options: ImportOptions,
  within: (work: Work) => Promise<void>,
): Promise<void> {
  const entries = readClientFile(readText(path), path);
  await within(async (registry) => {
    const steps = planOf(entries, await registry.list());
    if (!options.dryRun) await perform(registry, steps, options);
    tell(steps, options);
  });
}

function planOf(entries: readonly ClientEntry[], present: readonly ClientRecord[]): Step[] {
  const known = new Map(present.map((client) => [client.id, client]));
  return entries.map((entry) => {
    const client = known.get(entry.id);
    if (!client) return { entry, what: 'added', changes: differences(null, entry) };
    const { id, name, agencies, environment, role, grants, networks, limits } = client;
    const changes = differences({ id, name, agencies, environment, role, grants, networks, limits }, entry);
    return { entry, what: changes.length > 0 ? 'changed' : 'unchanged', changes };
  });
}

async function perform(registry: ClientRegistry, steps: Step[], { secrets: path }: ImportOptions): Promise<void> {
  const work = steps.filter(({ what }) => what !== 'unchanged');
  const file = path !== undefined && steps.some(({ what }) => what === 'added') ? openNew(path) : undefined;
  const bar = new ProgressBar(work.length, 'clients');
  try {
    for (const step of work) {
      if (step.what === 'changed') await registry.replace(step.entry);
      else step.secret = await add(registry, step.entry, file);
      bar.step();
    }
  } finally {
    if (work.length > 0) bar.end();
    if (file !== undefined) closeSync(file);
  }
}

/** The secret is in the file before it opens anything: if we are killed in between, it belongs to nobody. */
async function add(
  registry: ClientRegistry,
  entry: ClientEntry,
  file: number | undefined,
): Promise<string | undefined> {
  const issued = await issueSecret(entry.id);
  if (file !== undefined) {
    writeSync(file, `${entry.id}: ${issued.secret}\n`);
    fsyncSync(file);
  }
  const secret = await registry.add(entry, Promise.resolve(issued));
  if (secret === undefined)
    throw new UsageError(`"${entry.id}" was registered by somebody else meanwhile: import again`);
  return file === undefined ? secret : undefined;
}

function tell(steps: readonly Step[], { json, dryRun, secrets }: ImportOptions): void {
  const told = steps.map(({ entry: { id }, what, changes, secret }) => ({ id, what, changes, secret }));
  if (json) return print(JSON.stringify(told, null, 2));
  for (const { id, what, changes, secret } of told) {
    const how = dryRun && what !== 'unchanged' ? `would be ${what}` : what;
    print(
      [`${id} ${how}`, changes.join('; '), secret && `secret, shown only now: ${secret}`].filter(Boolean).join(': '),
    );
  }
  if (!dryRun && secrets !== undefined && told.some(({ what }) => what === 'added'))
    print(`the secrets of new clients are in ${secrets}, which only you can read`);
}

function readText(path: string): string {
  try {
    if (statSync(path).size > fileBytesMax) throw new UsageError(`${path} is larger than ${fileBytesMax} bytes`);
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

/** A file for secrets must be new: an old one may be readable by others, or hold what is still needed. */
function openNew(path: string): number {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    throw new UsageError(`${path} cannot be made for the secrets, so nothing was changed: ${(error as Error).message}`);
  }
}
