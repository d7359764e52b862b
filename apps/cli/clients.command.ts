import { Command, Option } from 'commander';
import { BusConnection } from '#lgsp/bus';
import { clientIdPattern, ClientStore, issueSecret, type ClientRecord } from '#lgsp/clients';
import { createLogger } from '#lgsp/telemetry';
import { UsageError, type Settings } from './settings';
import { drawColumns } from './table';

interface AddOptions {
  name?: string;
  agency: string[];
  grant: string[];
  role: ClientRecord['role'];
  environment: ClientRecord['environment'];
  replace?: boolean;
  json?: boolean;
}

/** `lgsp clients`: registered callers, straight in the durable store on the bus. Needs the operator's credentials of NATS. */
export function clientsCommand(settings: Settings): Command {
  const clients = new Command('clients').description('registered callers of the gateway');
  clients
    .command('add <id>')
    .description('registers a caller and shows its secret, once')
    .option('--name <name>', 'who it is, for people (the id when left out)')
    .requiredOption('--agency <codes...>', 'agencies that it may speak for; * is any')
    .requiredOption('--grant <operations...>', 'what it may call: payment.create-payment, population.*, *')
    .addOption(
      new Option('--role <role>', 'an operator sees all clients').choices(['caller', 'operator']).default('caller'),
    )
    .addOption(
      new Option('--environment <name>', 'which it uses').choices(['production', 'sandbox']).default('production'),
    )
    .option('--replace', 'register it anew, with a new secret; the old one serves no more')
    .option('--json', 'for programs')
    .action((id: string, options: AddOptions) => withStore(settings, (store) => add(store, id, options)));
  clients
    .command('list')
    .description('who is registered')
    .option('--json', 'for programs')
    .action((options: { json?: boolean }) => withStore(settings, (store) => list(store, options.json ?? false)));
  return clients;
}

async function add(store: ClientStore, id: string, options: AddOptions): Promise<void> {
  if (!clientIdPattern.test(id))
    throw new UsageError(`the id "${id}" is not 3 to 40 of a-z, 0-9 and -, beginning with a letter`);
  for (const grant of options.grant) {
    if (!/^(\*|[a-z][a-z0-9-]*\.(\*|[a-z][a-z0-9-]*))$/.test(grant)) {
      throw new UsageError(`the grant "${grant}" is not <system>.<operation>, <system>.* or *`);
    }
  }
  const { secret, record } = await issueSecret(id);
  const client: ClientRecord = {
    id,
    name: options.name ?? id,
    agencies: options.agency,
    environment: options.environment,
    role: options.role,
    secrets: [record],
    grants: options.grant,
    state: 'active',
    createdAt: new Date().toISOString(),
  };
  if (options.replace) await store.put(client);
  else if (!(await store.add(client))) throw new UsageError(`there is a client "${id}" already`);
  const text = `registered ${id}\nsecret, shown only now: ${secret}\n`;
  process.stdout.write(options.json ? `${JSON.stringify({ id, secret })}\n` : text);
}

async function list(store: ClientStore, json: boolean): Promise<void> {
  const clients = (await store.list()).map(({ secrets, ...client }) => ({ ...client, secrets: secrets.length }));
  const lines = clients.map(({ id, name, role, environment, state, agencies, grants }) => [
    id,
    name,
    role,
    environment,
    state,
    agencies.join(' '),
    grants.join(' '),
  ]);
  const table = drawColumns([['id', 'name', 'role', 'environment', 'state', 'agencies', 'grants'], ...lines]);
  process.stdout.write(json ? `${JSON.stringify(clients, null, 2)}\n` : `${table}\n`);
}

/** Opens the store for one command. */
async function withStore(settings: Settings, work: (store: ClientStore) => Promise<void>): Promise<void> {
  const connection = await BusConnection.open({
    url: settings.get('LGSP_NATS_URL'),
    user: settings.find('LGSP_NATS_USER'),
    password: settings.find('LGSP_NATS_PASSWORD'),
    name: 'cli',
    log: createLogger({ app: 'cli', level: 'silent' }),
  });
  try {
    await work(await ClientStore.open(connection));
  } finally {
    await connection.close();
  }
}
