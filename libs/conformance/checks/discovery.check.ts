import { contextNames, parseOperationSubject, type ContextName } from '#lgsp/bus';
import { parseFeedSubject, progressSuffix, readFeed, readFollow } from '#lgsp/progress';
import { sensitivities, type Sensitivity } from '#lgsp/telemetry';
import type { CheckRun } from '../check.run';
import type { RuleId } from '../conformance.rules';
import { namesOf, timeoutMsMax, type DescribedEndpoint, type ServiceInfo } from '../described.operation';
import { isRecord } from '../json.text';
import { endpointsOf, type ServiceInquiry, type ServiceVerb } from '../service.inquiry';

/** What stands beside an operation, or beside a list of changes. */
const beside = /\.(outcome|progress|feed|acknowledge)$/;
const semantic = /^\d+\.\d+\.\d+([-+].*)?$/;
const rules: Record<ServiceVerb, RuleId> = {
  PING: 'discovery.ping',
  INFO: 'discovery.info',
  STATS: 'discovery.stats',
};

/** Whether an instance answers every question of the services protocol, each time as itself. */
export async function checkDiscovery(
  { verdicts }: CheckRun,
  inquiry: ServiceInquiry,
  info: ServiceInfo,
): Promise<void> {
  const { name, id, version } = info;
  for (const verb of ['PING', 'INFO', 'STATS'] as const) {
    const rule = rules[verb];
    for (const subject of [`$SRV.${verb}`, `$SRV.${verb}.${name}`, `$SRV.${verb}.${name}.${id}`]) {
      const answer = await inquiry.answerOf(subject, info);
      const type = `io.nats.micro.v1.${verb.toLowerCase()}_response`;
      const came = answer ? JSON.stringify(answer) : `no answer of ${name} ${id}`;
      const same = answer?.['name'] === name && answer['version'] === version && semantic.test(String(version));
      if (!answer || answer['type'] !== type || !same) {
        const expected = `type ${type}, name ${name}, id ${id} and a semantic version, always the same`;
        verdicts.break(rule, undefined, { sent: subject, came, expected });
        break;
      }
      const missing = verb === 'STATS' ? withoutFigures(info, answer) : [];
      if (missing.length > 0) {
        const expected = `an entry with num_requests and num_errors for each of ${missing.join(', ')}`;
        verdicts.break(rule, undefined, { sent: subject, came, expected });
        break;
      }
      verdicts.keep(rule);
    }
  }
}

function withoutFigures(info: ServiceInfo, stats: Record<string, unknown>): string[] {
  const lines = Array.isArray(stats['endpoints']) ? (stats['endpoints'] as unknown[]).filter(isRecord) : [];
  const known = lines.filter((line) => Number.isInteger(line['num_requests']) && Number.isInteger(line['num_errors']));
  const subjects = new Set(known.map(({ subject }) => subject));
  return endpointsOf(info)
    .map(({ subject }) => String(subject))
    .filter((subject) => !subjects.has(subject));
}

/** Reads the description of a service as the gateway does, but lets nothing pass. */
export function checkDescription({ verdicts }: CheckRun, info: ServiceInfo, system: string): void {
  const sent = `$SRV.INFO.${info.name}.${info.id}`;
  const complain = (rule: RuleId, subject: string | undefined, came: string, expected: string): void =>
    verdicts.break(rule, subject, { sent, came, expected });
  const { owner, summary } = info.metadata ?? {};
  if (!isText(owner)) complain('discovery.described', undefined, `owner: ${text(owner)}`, 'who answers for it');
  if (!isText(summary) && !isText(info.description))
    complain('discovery.described', undefined, `summary: ${text(summary)}`, 'one sentence');
  for (const endpoint of endpointsOf(info)) {
    const { subject } = endpoint;
    if (typeof subject !== 'string' || !subject.startsWith('lgsp.')) continue; // Something of its own.
    checkAddress(endpoint, subject, system, complain);
    if (parseOperationSubject(subject)) checkMetadata(endpoint, subject, info, complain);
    if (parseFeedSubject(subject)) checkFeed(endpoint, subject, info, complain);
  }
  for (const rule of ['discovery.subject', 'discovery.metadata', 'discovery.described'] as const) verdicts.keep(rule);
}

/** A list of changes says how it is read, and where it is acknowledged. */
function checkFeed({ metadata = {} }: DescribedEndpoint, subject: string, info: ServiceInfo, complain: Complain): void {
  const expected = 'JSON with everyMs and pageMax in their bounds';
  if (!readFeed(metadata['feed'])) complain('discovery.metadata', subject, `feed: ${text(metadata['feed'])}`, expected);
  const acknowledge = subject.replace(/\.feed$/, '.acknowledge');
  if (!hasEndpoint(info, acknowledge)) complain('discovery.subject', subject, `no ${acknowledge}`, acknowledge);
}

const hasEndpoint = (info: ServiceInfo, subject: string): boolean =>
  endpointsOf(info).some((endpoint) => endpoint.subject === subject);

type Complain = (rule: RuleId, subject: string | undefined, came: string, expected: string) => void;

function checkAddress(endpoint: DescribedEndpoint, subject: string, system: string, complain: Complain): void {
  // An operation may be named as what stands beside others.
  const address = parseOperationSubject(subject) ?? parseOperationSubject(subject.replace(beside, ''));
  if (!address) complain('discovery.subject', subject, subject, 'lgsp.<system>.v<major>.<operation>');
  const group = endpoint.queue_group;
  if (address?.system === system && group !== undefined && group !== system)
    complain('discovery.subject', subject, `queue_group: ${text(group)}`, `queue_group: ${system}`);
}

function checkMetadata({ metadata = {} }: DescribedEndpoint, subject: string, info: ServiceInfo, complain: Complain) {
  const { kind, timeoutMs, sensitivity, requires, follow, deprecatedSince, sunsetOn } = metadata;
  const version = metadata['version'] ?? info.version;
  const { version: major } = parseOperationSubject(subject)!;
  const names = namesOf(requires);
  const faults: [string, boolean, string][] = [
    ['kind', kind === undefined || kind === 'query' || kind === 'command', 'query or command'],
    [
      'version',
      semantic.test(String(version)) && `v${String(version).split('.')[0]}` === major,
      `semantic, of ${major}`,
    ],
    ['timeoutMs', timeoutMs === undefined || isTimeout(timeoutMs), `1 to ${timeoutMsMax}, as text`],
    ['sensitivity', sensitivity === undefined || isSensitivity(sensitivity), sensitivities.join(', ')],
    ['requires', names !== undefined && names.every(isContext), `names out of ${contextNames.join(', ')}`],
    [
      'follow',
      follow === undefined || isFollow(follow),
      'JSON with firstMs, mostMs, overdueMs and ageMaxMs in their bounds',
    ],
    ['deprecatedSince', deprecatedSince === undefined || isDay(deprecatedSince), 'a day, yyyy-MM-dd'],
    ['sunsetOn', sunsetOn === undefined || isSunset(sunsetOn, deprecatedSince), 'a day after deprecatedSince'],
  ];
  for (const [name, kept, expected] of faults)
    if (!kept) complain('discovery.metadata', subject, `${name}: ${text(metadata[name])}`, expected);
  if (isFollow(follow) && !hasEndpoint(info, `${subject}${progressSuffix}`))
    complain('discovery.subject', subject, `no ${subject}${progressSuffix}`, `${subject}${progressSuffix}`);
  const notText = Object.entries(metadata).find(([, value]) => typeof value !== 'string');
  if (notText) complain('discovery.metadata', subject, `${notText[0]}: ${text(notText[1])}`, 'text, as all metadata');
  for (const name of ['kind', 'summary', 'summaryVi', 'sensitivity'])
    if (!isText(metadata[name])) complain('discovery.described', subject, `${name}: ${text(metadata[name])}`, 'said');
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isFollow = (value: unknown): boolean => readFollow(value) !== undefined;
const isTimeout = (value: unknown): boolean => /^[1-9][0-9]{0,5}$/.test(String(value)) && Number(value) <= timeoutMsMax;
const isSensitivity = (value: unknown): boolean => sensitivities.includes(value as Sensitivity);
const isContext = (name: string): boolean => contextNames.includes(name as ContextName);
const isDay = (value: unknown): boolean =>
  /^\d{4}-\d\d-\d\d(T.*)?$/.test(String(value)) && !Number.isNaN(Date.parse(String(value)));
const isSunset = (value: unknown, since: unknown): boolean =>
  isDay(value) && isDay(since) && String(value) > String(since);
const text = (value: unknown): string => (value === undefined ? '(not said)' : JSON.stringify(value));
