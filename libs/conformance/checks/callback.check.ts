import { busHeaders, parseCallbackSubject, type Probed } from '#lgsp/bus';
import { sensitivities, type Sensitivity } from '#lgsp/telemetry';
import type { CheckRun } from '../check.run';
import { shorten } from '../conformance.report';
import type { RuleId } from '../conformance.rules';
import { timeoutMsDefault, timeoutMsMax, type DescribedEndpoint, type ServiceInfo } from '../described.operation';
import { isRecord, readJson } from '../json.text';
import { endpointsOf } from '../service.inquiry';

const kindsMax = 50;
const garbage = ['', '{"', '[1]', 'null', '\u0001\u0002<xml/>'];
const mediaTypes = ['application/json'];

/** Whether a connector that takes callbacks says how, and lets nothing pass that is not proven. */
export async function checkCallbacks(run: CheckRun, info: ServiceInfo, system: string): Promise<void> {
  const kinds = endpointsOf(info)
    .filter((endpoint): endpoint is Kind => typeof endpoint.subject === 'string')
    .filter(({ subject }) => parseCallbackSubject(subject)?.system === system)
    .slice(0, kindsMax);
  for (const kind of kinds) {
    checkDescribed(run, kind);
    await checkForgery(run, kind);
    await checkGarbage(run, kind);
  }
}

type Kind = DescribedEndpoint & { subject: string };

function checkDescribed({ verdicts }: CheckRun, { subject, metadata = {} }: Kind): void {
  const { kind, scheme, summary, bodyBytesMax, timeoutMs, sensitivity } = metadata;
  const isNumber = (value: unknown, most: number): boolean =>
    value === undefined || (typeof value === 'string' && /^[1-9]\d{0,7}$/.test(value) && Number(value) <= most);
  const isList = (name: string): boolean => metadata[name] === undefined || Array.isArray(readJson(metadata[name]));
  const faults: [string, boolean, string][] = [
    ['kind', kind === 'callback', 'callback'],
    ['scheme', isText(scheme), 'how the outside system proves that it is the one'],
    ['summary', isText(summary), 'what it tells'],
    ['bodyBytesMax', isNumber(bodyBytesMax, 8_000_000), '1 to 8000000, as text'],
    ['timeoutMs', isNumber(timeoutMs, timeoutMsMax), `1 to ${timeoutMsMax}, as text`],
    ['sensitivity', sensitivity === undefined || sensitivities.includes(sensitivity as Sensitivity), 'one of them'],
    ['mediaTypes', isList('mediaTypes'), 'a JSON array'],
    ['headers', isList('headers'), 'a JSON array'],
  ];
  const sent = '$SRV.INFO';
  for (const [name, kept, expected] of faults)
    if (!kept)
      verdicts.break('callbacks.described', subject, {
        sent,
        came: `${name}: ${JSON.stringify(metadata[name])}`,
        expected,
      });
  verdicts.keep('callbacks.described');
}

/** Its example has a proof that is wrong; where there is none, an empty object has none. */
async function checkForgery(run: CheckRun, kind: Kind): Promise<void> {
  const example = readJson(kind.metadata?.['example']);
  const body = isRecord(example) ? (example['body'] ?? {}) : {};
  const expected = '"refused": "forged", a reply in the form of the outside system, and no observation';
  await expectAnswer(run, 'callbacks.forged', kind, JSON.stringify(body), expected, (answer) => {
    return answer['refused'] === 'forged' && isEmpty(answer['observations']) && answer['submission'] === undefined;
  });
}

async function checkGarbage(run: CheckRun, kind: Kind): Promise<void> {
  const expected = '"refused", a reply in the form of the outside system, and no observation';
  for (const body of garbage)
    await expectAnswer(run, 'callbacks.garbage', kind, body, expected, (answer) => {
      return isText(answer['refused']) && isEmpty(answer['observations']);
    });
}

async function expectAnswer(
  { probe, verdicts, options }: CheckRun,
  rule: RuleId,
  { subject, metadata = {} }: Kind,
  body: string,
  expected: string,
  isRight: (answer: Record<string, unknown>) => boolean,
): Promise<void> {
  const timeoutMs = Number(metadata['timeoutMs'] ?? timeoutMsDefault) || timeoutMsDefault;
  const [mediaType] = (readJson(metadata['mediaTypes']) as string[] | undefined) ?? mediaTypes;
  const headers = { [busHeaders.deadline]: String(Date.now() + timeoutMs), [busHeaders.mediaType]: mediaType };
  const probed = await probe.ask(subject, Buffer.from(body), headers, timeoutMs + options.graceMs);
  const answer = probed.kind === 'answer' ? readJson(Buffer.from(probed.body).toString('utf8')) : undefined;
  const isError = probed.kind === 'answer' && probed.headers.has(busHeaders.errorCode);
  if (!isError && isRecord(answer) && isReply(answer['reply']) && isRight(answer)) verdicts.keep(rule);
  else verdicts.break(rule, subject, { sent: `${subject} ${body || '(nothing)'}`, came: cameOf(probed), expected });
}

function cameOf(probed: Probed): string {
  if (probed.kind === 'nobody') return 'nobody listens there';
  if (probed.kind === 'silence') return `nothing within ${probed.waitedMs} ms`;
  const code = probed.headers.get(busHeaders.errorCode);
  return shorten(`${code ? `${busHeaders.errorCode}: ${code} ` : ''}${Buffer.from(probed.body).toString('utf8')}`);
}

const isReply = (reply: unknown): boolean =>
  isRecord(reply) &&
  Number.isInteger(reply['status']) &&
  isText(reply['contentType']) &&
  typeof reply['body'] === 'string';
const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isEmpty = (value: unknown): boolean => value === undefined || (Array.isArray(value) && value.length === 0);
