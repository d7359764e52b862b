import { randomUUID } from 'node:crypto';
import { Command, Option } from 'commander';
import { askGateway } from './gateway.client';
import { UsageError, type Settings } from './settings';
import type { ServiceCatalogue } from './services.command';

interface CallOptions {
  agency?: string;
  officer?: string;
  dossier?: string;
  procedure?: string;
  purpose?: string;
  key?: string;
  deadline?: string;
  later?: boolean;
  language?: string;
}

/** `lgsp call <system.operation> [json]` */
export function callCommand(settings: Settings): Command {
  return new Command('call')
    .description('calls one operation through the gateway; without an input, with its example')
    .argument('<operation>', '<system>.<operation>, or <system>.v2.<operation> for another version than the first')
    .argument('[input]', 'JSON')
    .option('--agency <code>', 'Lgsp-Agency')
    .option('--officer <account>', 'Lgsp-Officer')
    .option('--dossier <code>', 'Lgsp-Dossier')
    .option('--procedure <code>', 'Lgsp-Procedure')
    .option('--purpose <text>', 'Lgsp-Purpose')
    .option('--key <key>', 'Idempotency-Key; a command gets a new one when it is left out')
    .option('--deadline <ms>', 'Lgsp-Deadline-Ms')
    .option('--later', 'Prefer: respond-async: a command is accepted, and sent when it can be')
    .addOption(new Option('--language <code>', 'of messages').choices(['en', 'vi']).default('en'))
    .option('--json', 'for programs: the answer is JSON also without it')
    .action((operation: string, input: string | undefined, options: CallOptions) =>
      call(settings, operation, input, options),
    );
}

async function call(settings: Settings, name: string, input: string | undefined, options: CallOptions): Promise<void> {
  const { system, version, verb } = parseOperation(name);
  const { kind, example } = await describe(settings, system, version, verb);
  const key = options.key ?? (kind === 'command' ? randomUUID() : undefined);
  const given = {
    authorization: `ApiKey ${settings.get('LGSP_CLIENT_SECRET')}`,
    'content-type': 'application/json',
    'accept-language': options.language,
    'lgsp-agency': options.agency,
    'lgsp-officer': options.officer,
    'lgsp-dossier': options.dossier,
    'lgsp-procedure': options.procedure,
    'lgsp-purpose': options.purpose,
    'lgsp-deadline-ms': options.deadline,
    'idempotency-key': key,
    prefer: options.later ? 'respond-async' : undefined,
  };
  const pairs = Object.entries(given).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const answer = await askGateway(settings, `/${version}/${encodeURIComponent(system)}/${encodeURIComponent(verb)}`, {
    method: 'POST',
    headers: Object.fromEntries(pairs),
    body: input ?? JSON.stringify(example?.input ?? {}),
  });
  process.stderr.write(`transaction ${answer.headers.get('lgsp-transaction-id')}${key ? `, key ${key}` : ''}\n`);
  process.stdout.write(`${JSON.stringify(answer.body, null, 2)}\n`);
}

function parseOperation(name: string): { system: string; version: string; verb: string } {
  const [system, ...words] = name.split('.');
  const [version, verb] = words.length === 2 ? words : ['v1', ...words];
  if (!system || !verb || words.length > 2 || !/^v[1-9][0-9]?$/.test(version!))
    throw new UsageError(`"${name}" is not <system>.<operation> or <system>.v2.<operation>`);
  return { system, version: version!, verb };
}

/** What the catalogue says of the operation; nothing when it is not there, which the gateway then says itself. */
async function describe(
  settings: Settings,
  system: string,
  major: string,
  verb: string,
): Promise<{ kind?: string; example?: { input?: unknown } }> {
  const { body } = await askGateway(settings, '/v1/services');
  const found = (body as ServiceCatalogue).systems.find((entry) => entry.system === system);
  const isMeant = (it: { operation: string; version: string }): boolean =>
    it.operation === verb && it.version.startsWith(`${major.slice(1)}.`);
  return found?.operations.find(isMeant) ?? {};
}
