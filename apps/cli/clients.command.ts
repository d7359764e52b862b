import { hostname, userInfo } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { BusConnection } from '#lgsp/bus';
import { clientIdPattern, ClientRegistry, type ClientRecord } from '#lgsp/clients';
import { createLogger } from '#lgsp/telemetry';
import { UsageError, type Settings } from './settings';
import { drawColumns } from './table';

interface AddOptions {
  name?: string;
  agency: string[];
  grant: string[];
  role: ClientRecord['role'];
  environment: ClientRecord['environment'];
  json?: boolean;
}

interface Json {
  json?: boolean;
}

type Work = (registry: ClientRegistry) => Promise<void>;

/** `lgsp clients`: registered callers, straight in the durable store on the bus. Needs the operator's credentials of NATS. */
export function clientsCommand(settings: Settings): Command {
  const clients = new Command('clients').description('registered callers of the gateway; every change is in the audit');
  const within = (work: Work): Promise<void> => withRegistry(settings, work);
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
    .option('--json', 'for programs')
    .action((id: string, options: AddOptions) => within((registry) => add(registry, id, options)));
  clients
    .command('list')
    .description('who is registered')
    .option('--json', 'for programs')
    .action((options: Json) => within((registry) => list(registry, options.json ?? false)));
  clients
    .command('show <id>')
    .description('one client, and every change that was made to it')
    .option('--json', 'for programs')
    .action((id: string, options: Json) => within((registry) => show(registry, id, options.json ?? false)));
  clients
    .command('rotate <id>')
    .description('a new secret; the newest old one serves on, until the next rotation')
    .option('--at-once', 'no old secret serves any more')
    .option('--json', 'for programs')
    .action((id: string, { atOnce, json }: Json & { atOnce?: boolean }) =>
      within(async (registry) => tellSecret(id, await registry.rotate(id, { atOnce }), json, 'has a new secret')),
    );
  clients
    .command('suspend <id>')
    .description('it may call nothing, from now on')
    .action((id: string) => within(async (registry) => tell(await registry.suspend(id))));
  clients
    .command('resume <id>')
    .description('it may call again')
    .action((id: string) => within(async (registry) => tell(await registry.resume(id))));
  clients
    .command('grant <id> <operations...>')
    .description('it may call these as well')
    .action((id: string, grants: string[]) =>
      within(async (registry) => tell(await registry.grant(id, checked(grants)))),
    );
  clients
    .command('revoke <id> <operations...>')
    .description('it may not call these any more; names them as they were granted')
    .action((id: string, grants: string[]) => within(async (registry) => tell(await registry.revoke(id, grants))));
  clients
    .command('limit <id>')
    .description('how much it may call; "default" takes a limit of its own away')
    .option('--per-second <n>', 'calls per second', limitValue)
    .option('--burst <n>', 'calls at once', limitValue)
    .option('--per-second-at-system <n>', 'calls per second at any one system', limitValue)
    .option('--per-day <n>', 'quota of a day in Vietnam', limitValue)
    .option('--per-month <n>', 'quota of a month in Vietnam', limitValue)
    .action((id: string, limits: Parameters<ClientRegistry['limit']>[1]) =>
      within(async (registry) => {
        if (Object.keys(limits).length === 0) throw new UsageError('no limit is named: see --help');
        tell(await registry.limit(id, limits));
      }),
    );
  return clients;
}

function limitValue(text: string): number | null {
  if (text === 'default') return null;
  if (!/^[1-9][0-9]{0,9}$/.test(text))
    throw new InvalidArgumentError('it must be a whole number above 0, or "default"');
  return Number(text);
}

async function add(registry: ClientRegistry, id: string, options: AddOptions): Promise<void> {
  if (!clientIdPattern.test(id)) {
    throw new UsageError(`the id "${id}" is not 3 to 40 of a-z, 0-9 and -, beginning with a letter`);
  }
  const { name = id, agency: agencies, environment, role, json } = options;
  const secret = await registry.add({ id, name, agencies, environment, role, grants: checked(options.grant) });
  if (secret === undefined) throw new UsageError(`there is a client "${id}" already`);
  tellSecret(id, secret, json, 'is registered');
}

function checked(grants: string[]): string[] {
  const wrong = grants.find((grant) => !/^(\*|[a-z][a-z0-9-]*\.(\*|[a-z][a-z0-9-]*))$/.test(grant));
  if (wrong !== undefined) throw new UsageError(`the grant "${wrong}" is not <system>.<operation>, <system>.* or *`);
  return grants;
}

async function list(registry: ClientRegistry, json: boolean): Promise<void> {
  const clients = (await registry.list()).map(({ secrets, ...client }) => ({ ...client, secrets: secrets.length }));
  const head = ['id', 'name', 'role', 'environment', 'state', 'agencies', 'grants'];
  const lines = clients.map(({ id, name, role, environment, state, agencies, grants }) => [
    id,
    name,
    role,
    environment,
    state,
    agencies.join(' '),
    grants.join(' '),
  ]);
  print(json ? JSON.stringify(clients, null, 2) : drawColumns([head, ...lines]));
}

async function show(registry: ClientRegistry, id: string, json: boolean): Promise<void> {
  const changes = [];
  for await (const change of registry.history(id)) changes.push(change);
  const client = changes.at(-1)?.after;
  if (!client) throw new UsageError(`there is no client "${id}"`);
  if (json) return print(JSON.stringify({ client, changes }, null, 2));
  const { name, role, environment, state, agencies, grants, secrets } = client;
  const lines = changes.map(({ at, who, action, after }) => [at, who, action, after.state, after.grants.join(' ')]);
  print(`${id}: ${name}, ${role}, ${environment}, ${state}
agencies ${agencies.join(' ')}
grants   ${grants.join(' ')}
secrets  ${secrets.length} valid

${drawColumns([['when', 'who', 'what', 'state after', 'grants after'], ...lines])}`);
}

function tell({ id, state, grants, limits }: ClientRecord): void {
  const own = Object.entries(limits ?? {}).map(([name, value]) => `${name} ${value}`);
  print(
    `${id} is ${state} and may call: ${grants.join(' ') || 'nothing'}; limits: ${own.join(', ') || 'the defaults'}`,
  );
}

function tellSecret(id: string, secret: string, json: boolean | undefined, what: string): void {
  print(json ? JSON.stringify({ id, secret }) : `${id} ${what}, shown only now: ${secret}`);
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** Opens the registry for one command, in the name of whoever is logged in on this machine. */
async function withRegistry(settings: Settings, work: Work): Promise<void> {
  const connection = await BusConnection.open({
    url: settings.get('LGSP_NATS_URL'),
    user: settings.find('LGSP_NATS_USER'),
    password: settings.find('LGSP_NATS_PASSWORD'),
    name: 'cli',
    log: createLogger({ app: 'cli', level: 'silent' }),
  });
  try {
    await work(await ClientRegistry.open(connection, `${userInfo().username}@${hostname()}`));
  } finally {
    await connection.close();
  }
}
