import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import { readClientEntry, type ClientEntry, type EntryFault } from '#lgsp/clients';
import { UsageError } from '../settings';

/** Most clients in one file. */
const clientsMax = 1_000;
/** Aliases may multiply what is written: at most so many. */
const aliasesMax = 100;

/**
 * Reads a YAML file of clients: `clients:`, a list of entries.
 * @throws UsageError with every fault of the file at once, each with its line
 */
export function readClientFile(text: string, path: string): ClientEntry[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const mistakes = [...document.errors, ...document.warnings];
  if (mistakes.length > 0)
    refuse(
      path,
      mistakes.map(({ pos: [at], message }) => `line ${lines.linePos(at).line}: ${message}`),
    );
  const { clients, faults } = readClients(valueOf(document, path));
  if (faults.length > 0)
    refuse(
      path,
      faults.map((fault) => worded(fault, document, lines)),
    );
  return clients;
}

function valueOf(document: Document, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: aliasesMax });
  } catch (error) {
    return refuse(path, [(error as Error).message]);
  }
}

function readClients(value: unknown): { clients: ClientEntry[]; faults: EntryFault[] } {
  const file = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const list = file['clients'];
  const others = Object.keys(file).filter((name) => name !== 'clients');
  const faults: EntryFault[] = others.map((name) => ({
    path: [name],
    says: 'is not known here; there is only "clients"',
  }));
  if (!Array.isArray(list)) return { clients: [], faults: [...faults, { path: ['clients'], says: 'must be a list' }] };
  if (list.length > clientsMax) {
    return { clients: [], faults: [...faults, { path: ['clients'], says: `must have at most ${clientsMax} items` }] };
  }
  const clients: ClientEntry[] = [];
  const ids = new Map<unknown, number>();
  for (const [index, item] of list.entries()) {
    const read = readClientEntry(item);
    if ('faults' in read)
      faults.push(...read.faults.map(({ path, says }) => ({ path: ['clients', index, ...path], says })));
    else clients.push(read.entry);
    const id = (item as { id?: unknown } | null)?.id;
    if (id === undefined) continue;
    const first = ids.get(id);
    if (first === undefined) ids.set(id, index);
    else faults.push({ path: ['clients', index, 'id'], says: `is that of clients[${first}] already` });
  }
  return { clients, faults };
}

/** `line 7: clients[0].grants[2] must be …`; the line is that of the nearest thing that is written. */
function worded({ path, says }: EntryFault, document: Document, lines: LineCounter): string {
  const name = path
    .map((part, nth) => (typeof part === 'number' ? `[${part}]` : nth === 0 ? part : `.${part}`))
    .join('');
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return `line ${lines.linePos(node.range[0]).line}: ${name} ${says}`;
  }
  return `${name} ${says}`;
}

function refuse(path: string, faults: readonly string[]): never {
  const count = faults.length === 1 ? 'a fault' : `${faults.length} faults`;
  throw new UsageError(`${path} has ${count}; nothing was changed\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
}
