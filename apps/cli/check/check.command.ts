import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { BusConnection, ServiceProbe } from '#lgsp/bus';
import {
  checkConnector,
  recordText,
  WrongTarget,
  type ConformanceReport,
  type RecordedSchemas,
} from '#lgsp/conformance';
import { createLogger } from '#lgsp/telemetry';
import { ProgressBar } from '../progress.bar';
import { UsageError, type Settings } from '../settings';
import { conformanceText } from './conformance.text';
import { startProcess } from './started.process';

interface CheckFlags {
  commands?: boolean;
  start?: string;
  recorded?: string;
  header: Record<string, string>;
  shortMs?: number;
  graceMs?: number;
  waitMs?: number;
  strict?: boolean;
  json?: boolean;
}

/** `lgsp check` */
export function checkCommand(settings: Settings): Command {
  const check = new Command('check').description('holds what others built against what this project writes down');
  check
    .command('connector')
    .description(
      'holds a connector in any language against the protocol, over NATS; exit code 0 only when it conforms. ' +
        'Queries are called; commands have effects, and are called only with --commands',
    )
    .argument('<subject>', '<system>, lgsp.<system>, lgsp.<system>.v1 or lgsp.<system>.v1.<operation>')
    .option('--commands', 'calls commands as well: only where the connector stands before a sandbox')
    .option(
      '--start <command>',
      'starts the connector, gives it LGSP_NATS_URL, and stops it with SIGTERM to see it drain',
    )
    .option(
      '--recorded <file>',
      'schemas as they were: a change that breaks callers is a finding. Written when it is not there, or when nothing is broken',
    )
    .option('--header <name:value>', 'a header of every call, in place of an invented one; may be repeated', header, {})
    .option('--short-ms <ms>', 'the short deadline that is tried, 1000 when left out', milliseconds)
    .option('--grace-ms <ms>', 'how much later an answer may come on a busy machine, 1000 when left out', milliseconds)
    .option('--wait-ms <ms>', 'how long the connector may take to appear, 10000 when left out', milliseconds)
    .option('--strict', 'what should be counts like what must be')
    .option('--json', 'for programs')
    .action(async (target: string, { json, strict, ...flags }: CheckFlags) => {
      const report = await checkTarget(settings, target, flags, json);
      process.stdout.write(`${json ? JSON.stringify(report, null, 2) : conformanceText(report)}\n`);
      if (!report.conforms || (strict && report.findings.length > 0)) process.exitCode = 1;
    });
  return check;
}

async function checkTarget(
  settings: Settings,
  target: string,
  { start, recorded: file, header: headers, waitMs: appearMs, ...options }: CheckFlags,
  json?: boolean,
): Promise<ConformanceReport> {
  const url = settings.get('LGSP_NATS_URL');
  const connection = await BusConnection.open({
    url,
    // Its own user, or on a developer's machine none: that of the command line may call nothing past the gateway.
    user: settings.find('LGSP_CHECK_NATS_USER'),
    password: settings.find('LGSP_CHECK_NATS_PASSWORD'),
    name: 'check',
    log: createLogger({ app: 'check', level: 'silent' }),
  });
  const recorded = file === undefined ? undefined : readRecord(file);
  const started = start === undefined ? undefined : startProcess(start, url);
  let bar: ProgressBar | undefined;
  const onProgress = (done: number, total: number): void => {
    bar ??= new ProgressBar(total, 'steps');
    bar.reach(done);
  };
  try {
    const given = {
      ...options,
      target,
      headers,
      appearMs,
      recorded,
      process: started,
      ...(json ? {} : { onProgress }),
    };
    const report = await checkConnector(new ServiceProbe(connection), given);
    if (file !== undefined) keepRecord(file, recorded, report);
    return report;
  } catch (error) {
    if (error instanceof WrongTarget) throw new UsageError(error.message);
    throw error;
  } finally {
    bar?.end();
    await started?.kill();
    await connection.close();
  }
}

/** @throws UsageError when there is a file, and it is no record */
function readRecord(file: string): RecordedSchemas {
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RecordedSchemas;
  } catch (cause) {
    throw new UsageError(`${file} is no record of schemas`, { cause });
  }
}

/** What was added is recorded as well. A record of what is broken stays: it says what was promised. */
function keepRecord(file: string, before: RecordedSchemas | undefined, { findings, schemas }: ConformanceReport): void {
  if (findings.some(({ rule }) => rule === 'versions.compatible')) return;
  writeFileSync(file, recordText({ ...before, ...schemas }));
}

function header(text: string, before: Record<string, string>): Record<string, string> {
  const match = /^([A-Za-z-]+): ?(.+)$/.exec(text);
  if (!match) throw new InvalidArgumentError('it must be a name, a colon, and a value');
  return { ...before, [match[1]!]: match[2]! };
}

function milliseconds(text: string): number {
  if (!/^[1-9][0-9]{0,5}$/.test(text)) throw new InvalidArgumentError('it must be a whole number of milliseconds');
  return Number(text);
}
