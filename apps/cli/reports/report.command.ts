import { Command, InvalidArgumentError, Option } from 'commander';
import { reportGroups, type Report, type ReportGroup } from '#lgsp/records';
import { dayOption } from '../day.option';
import { sendToGateway } from '../gateway.client';
import { UsageError, type Settings } from '../settings';
import { freezeCommand, frozenCommand } from './freeze.command';
import { checkFree, formatOf, writeReportFile, type FileFormat } from './report.file';
import { drawReport } from './report.table';

export interface ReportFlags {
  from: string;
  to: string;
  groupBy?: ReportGroup[];
  compare?: string;
  environment?: string;
}

interface OutputFlags {
  format?: 'table' | FileFormat;
  json?: boolean;
  output?: string;
  force?: boolean;
}

const formats = ['table', 'csv', 'xlsx', 'json', 'html'] as const;

const examples = `
Days are days in Vietnam, the first and the last included.

Examples:
  lgsp report --from 2022-01-01 --to 2022-06-30 --compare previous-year
  lgsp report --from 2022-01-01 --to 2022-06-30 --group-by system,month --output half-year.xlsx
  lgsp report --from 2022-01-01 --to 2022-06-30 --compare previous-year --output half-year.html
  lgsp report freeze 2022-06`;

/** `lgsp report`: through the gateway, as the operator where one is set, else as the client, which sees its own. */
export function reportCommand(settings: Settings): Command {
  return (
    new Command('report')
      .description('how many transactions a period had, by any groups; freezes the months that are reported')
      .enablePositionalOptions()
      // Not required by the parser: the commands below this one do without them.
      .option('--from <day>', 'first day, 2022-01-01', dayOption)
      .option('--to <day>', 'last day, 2022-06-30', dayOption)
      .option('--group-by <names>', `one or several, with commas: ${reportGroups.join(', ')}`, groupsOption)
      .addOption(new Option('--compare <with>', 'the same period of another year').choices(['previous-year']))
      .addOption(new Option('--environment <name>', 'for operators: which').choices(['production', 'sandbox']))
      .addOption(
        new Option('--format <name>', "default: what the output file's name ends in, else a table").choices(formats),
      )
      .option('--json', 'the same as --format json')
      .option('--output <file>', 'writes into a file; xlsx and html need one')
      .option('--force', 'replaces a file that is there')
      .addHelpText('after', examples)
      .action((flags: Partial<ReportFlags> & OutputFlags) => report(settings, flags))
      .addCommand(freezeCommand(settings))
      .addCommand(frozenCommand(settings))
  );
}

/** `system,month`. */
export function groupsOption(text: string): ReportGroup[] {
  const groups = text.split(',').map((name) => name.trim());
  const unknown = groups.find((name) => !reportGroups.includes(name as ReportGroup));
  if (unknown !== undefined)
    throw new InvalidArgumentError(`"${unknown}" is no grouping: there are ${reportGroups.join(', ')}`);
  const twice = groups.find((name, index) => groups.indexOf(name) !== index);
  if (twice !== undefined) throw new InvalidArgumentError(`"${twice}" is named twice`);
  return groups as ReportGroup[];
}

async function report(settings: Settings, flags: Partial<ReportFlags> & OutputFlags): Promise<void> {
  const asked = checkedPeriod(flags);
  const { output, force } = flags;
  const format = flags.format ?? (flags.json ? 'json' : formatOf(output));
  if (output === undefined && (format === 'xlsx' || format === 'html'))
    throw new UsageError(`a report as ${format} goes into a file: name it with --output`);
  if (output !== undefined) checkFree(output, force);
  if (format === 'table') return put(drawReport(await readReport(settings, asked)), output);
  if (format === 'json') return put(`${JSON.stringify(await readReport(settings, asked), null, 2)}\n`, output);
  const response = await sendReport(settings, asked, format);
  return put(Buffer.from(await response.arrayBuffer()), output);
}

async function put(content: string | Buffer, output: string | undefined): Promise<void> {
  if (output === undefined) return void process.stdout.write(content);
  await writeReportFile(output, content);
  process.stderr.write(`${output} is written\n`);
}

function checkedPeriod({ from, to, ...rest }: Partial<ReportFlags>): ReportFlags {
  const missing = [from === undefined ? '--from' : '', to === undefined ? '--to' : ''].filter(Boolean);
  if (from === undefined || to === undefined)
    throw new UsageError(`${missing.join(' and ')} must be given: the first and the last day, 2022-01-01`);
  if (from > to) throw new UsageError(`--from ${from} is after --to ${to}`);
  return { from, to, ...rest };
}

/** The report as the gateway gives it to programs. @throws ProblemError */
export async function readReport(settings: Settings, flags: ReportFlags): Promise<Report> {
  return (await (await sendReport(settings, flags, 'json')).json()) as Report;
}

function sendReport(settings: Settings, flags: ReportFlags, format: FileFormat): Promise<Response> {
  const { from, to, groupBy = [], compare, environment } = flags;
  const query = Object.entries({ from, to, groupBy: groupBy.join(',') || undefined, compare, environment, format });
  const given = query.filter((pair): pair is [string, string] => pair[1] !== undefined);
  const secret = settings.find('LGSP_OPERATOR_SECRET') ?? settings.get('LGSP_CLIENT_SECRET');
  return sendToGateway(settings, `/v1/reports/transactions?${new URLSearchParams(given).toString()}`, {
    headers: { authorization: `ApiKey ${secret}` },
  });
}
