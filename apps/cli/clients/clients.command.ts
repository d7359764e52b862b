import { Command, InvalidArgumentError, Option } from 'commander';
import type { ClientRegistry } from '#lgsp/clients';
import { UsageError, type Settings } from '../settings';
import {
  addClient,
  checkedGrants,
  checkedNetworks,
  listClients,
  showClient,
  showHistory,
  type AddOptions,
} from './client.actions';
import { tellClient, tellSecret } from './client.drawing';
import { importClients, type ImportOptions } from './client.import';
import { withRegistry, type Work } from './registry.access';

interface Json {
  json?: boolean;
}

/** `lgsp clients`: registered callers, straight in the durable store on the bus. Needs the operator's credentials of NATS. */
export function clientsCommand(settings: Settings): Command {
  const clients = new Command('clients').description('registered callers of the gateway; every change is in the audit');
  const within = (work: Work): Promise<void> => withRegistry(settings, work);
  addReading(clients, within);
  addRegistering(clients, within);
  addChanging(clients, within);
  return clients;
}

type Within = (work: Work) => Promise<void>;

function addReading(clients: Command, within: Within): void {
  clients
    .command('list')
    .description('who is registered')
    .option('--json', 'for programs')
    .action(({ json }: Json) => within((registry) => listClients(registry, json)));
  clients
    .command('show <id>')
    .description('one client, and every change that was made to it')
    .option('--json', 'for programs')
    .action((id: string, { json }: Json) => within((registry) => showClient(registry, id, json)));
  clients
    .command('history [id]')
    .description('the audit: who changed what and when, before and after; of one client, or of all')
    .option('--json', 'for programs: one change a line, whole')
    .action((id: string | undefined, { json }: Json) => within((registry) => showHistory(registry, id, json)));
}

function addRegistering(clients: Command, within: Within): void {
  clients
    .command('add <id>')
    .description('registers a caller and shows its secret, once')
    .option('--name <name>', 'who it is, for people (the id when left out)')
    .requiredOption('--agency <codes...>', 'agencies that it may speak for; * is any')
    .requiredOption('--grant <operations...>', 'what it may call: payment.create-payment, population.*, *')
    .option('--network <networks...>', 'from where it may call: 10.20.0.0/16; anywhere when left out')
    .addOption(
      new Option('--role <role>', 'an operator sees all clients').choices(['caller', 'operator']).default('caller'),
    )
    .addOption(
      new Option('--environment <name>', 'which it uses').choices(['production', 'sandbox']).default('production'),
    )
    .option('--json', 'for programs')
    .action((id: string, options: AddOptions) => within((registry) => addClient(registry, id, options)));
  clients
    .command('import <file>')
    .description(
      'registers and changes many at once, from a YAML file; all of it, or nothing when the file has a fault',
    )
    .option('--dry-run', 'only says what would be done')
    .option('--secrets <file>', 'a new file, readable by you only, for the secrets of new clients; else they are shown')
    .option('--json', 'for programs')
    .action((file: string, options: ImportOptions) => importClients(file, options, within));
  clients
    .command('rotate <id>')
    .description('a new secret; the newest old one serves on, until the next rotation')
    .option('--at-once', 'no old secret serves any more')
    .option('--json', 'for programs')
    .action((id: string, { atOnce, json }: Json & { atOnce?: boolean }) =>
      within(async (registry) => tellSecret(id, await registry.rotate(id, { atOnce }), json, 'has a new secret')),
    );
}

function addChanging(clients: Command, within: Within): void {
  const change = (name: string, description: string): Command =>
    clients.command(name).description(description).option('--json', 'for programs');
  change('suspend <id>', 'it may call nothing, from now on').action((id: string, { json }: Json) =>
    within(async (registry) => tellClient(await registry.suspend(id), json)),
  );
  change('resume <id>', 'it may call again').action((id: string, { json }: Json) =>
    within(async (registry) => tellClient(await registry.resume(id), json)),
  );
  change('grant <id> <operations...>', 'it may call these as well').action(
    (id: string, grants: string[], { json }: Json) =>
      within(async (registry) => tellClient(await registry.grant(id, checkedGrants(grants)), json)),
  );
  change('revoke <id> <operations...>', 'it may not call these any more; names them as they were granted').action(
    (id: string, grants: string[], { json }: Json) =>
      within(async (registry) => tellClient(await registry.revoke(id, grants), json)),
  );
  change(
    'networks <id> [networks...]',
    'from where it may call, instead of what was set before: 10.20.0.0/16; none named: from anywhere',
  ).action((id: string, networks: string[], { json }: Json) =>
    within(async (registry) => tellClient(await registry.networks(id, checkedNetworks(networks)), json)),
  );
  change('limit <id>', 'how much it may call; "default" takes a limit of its own away')
    .option('--per-second <n>', 'calls per second', limitValue)
    .option('--burst <n>', 'calls at once', limitValue)
    .option('--per-second-at-system <n>', 'calls per second at any one system', limitValue)
    .option('--per-day <n>', 'quota of a day in Vietnam', limitValue)
    .option('--per-month <n>', 'quota of a month in Vietnam', limitValue)
    .action((id: string, { json, ...limits }: Json & Parameters<ClientRegistry['limit']>[1]) =>
      within(async (registry) => {
        if (Object.keys(limits).length === 0) throw new UsageError('no limit is named: see --help');
        tellClient(await registry.limit(id, limits), json);
      }),
    );
}

function limitValue(text: string): number | null {
  if (text === 'default') return null;
  if (!/^[1-9][0-9]{0,9}$/.test(text))
    throw new InvalidArgumentError('it must be a whole number above 0, or "default"');
  return Number(text);
}
