import { describeConfig, type ProcessConfig } from '#lgsp/config';
import { conformanceRules, type ConformanceRule } from '#lgsp/conformance';
import { errorTable, type ErrorRow } from '#lgsp/errors';
import { majorVersion, operationName, type ConnectorDefinition, type Operation } from '#lgsp/kit';
import { metricTable, type MetricRow } from '#lgsp/telemetry';

export const generatedNote =
  '<!-- Made from the code by `npm run docs`; a test compares. Change the code, not this page. -->\n\n';

export const markdownTable = (head: string[], rows: string[][]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n') + '\n';

/** docs/errors.md: the error table. */
export function errorsPage(): string {
  const rows = Object.entries<ErrorRow>(errorTable).map(([code, { status, fault, retry, outcome, title }]) => [
    `\`${code}\``,
    String(status),
    fault,
    retry,
    outcome === 'door' ? '—' : outcome,
    title.en,
    title.vi,
  ]);
  return `# Errors

${generatedNote}Every failed call is answered with a problem document (RFC 9457, \`application/problem+json\`), over HTTP and over NATS alike:

\`\`\`json
{
  "type": "urn:lgsp:error:invalid-request",
  "title": "Some fields are not valid",
  "status": 400,
  "code": "invalid-request",
  "transactionId": "019ac0de-7c1a-7b5e-8f0a-2b1c3d4e5f60",
  "fault": "caller",
  "retry": "never",
  "errors": [{ "path": "/birthDate", "rule": "is-partial-date", "message": "must be a date: yyyy, yyyy-MM or yyyy-MM-dd" }]
}
\`\`\`

- \`fault\`: who must act. \`caller\` corrects the call; \`bus\` and \`upstream\` are the operator's; \`nobody\` means that all went well and there is
  no such record.
- \`retry\`: \`never\` (the same call fails again), \`after\` (a pause, \`retryAfterMs\` and the header \`Retry-After\` say how long when it is
  known), \`same-key\` (at once, with the same \`Idempotency-Key\`).
- \`errors\`: the faulty fields, each with a JSON Pointer, the rule it breaks, and a sentence.
- \`upstream\`: the outside system's own code and words, where it named one.
- Messages are Vietnamese when \`Accept-Language\` prefers \`vi\`.

The outcome is the one under which an admitted transaction is counted; a dash means that the call was refused at the door and is no
transaction. A **command** whose answer is lost, late or unreadable is \`outcome-unknown\`: it may have taken effect. A failure that
certainly happened before anything was sent (\`upstream-unreachable\`, \`circuit-open\`) is never called unknown.

${markdownTable(['code', 'status', 'fault', 'retry', 'outcome', 'English', 'Vietnamese'], rows)}`;
}

/** docs/metrics.md: the metric table. */
export function metricsPage(): string {
  const rows = Object.entries<MetricRow>(metricTable).map(([name, { type, labels, from, help }]) => [
    `\`${name}\``,
    type,
    labels.map((label) => `\`${label}\``).join(', '),
    from,
    help,
  ]);
  return `# Metrics

${generatedNote}Each process serves \`GET /metrics\` on \`LGSP_METRICS_PORT\` (never on the public port). Units are base units; labels are bounded:
never an id, a dossier or a person. Beside these, each process exports the \`process_*\` and \`nodejs_*\` metrics of its runtime.

${markdownTable(['metric', 'type', 'labels', 'from', 'what it tells'], rows)}`;
}

/** docs/configuration.md: every environment variable of every process. */
export function configurationPage(configs: Record<string, new () => object>, shared: new () => ProcessConfig): string {
  const sharedLines = describeConfig(shared);
  const known = new Set(sharedLines.map(({ variable }) => variable));
  const section = (title: string, lines: typeof sharedLines): string =>
    `## ${title}\n\n${markdownTable(
      ['variable', 'default', 'what it is'],
      lines.map(({ variable, default: value, describe }) => [`\`${variable}\``, value && `\`${value}\``, describe]),
    )}`;
  const own = Object.entries(configs).map(([name, config]) => {
    const lines = describeConfig(config).filter(({ variable }) => name === 'sandbox' || !known.has(variable));
    return section(name, lines);
  });
  return `# Configuration

${generatedNote}All configuration comes from the environment, is read once at the start and validated: a process with a faulty one lists every
fault and ends with exit code 78. A secret may also be given as \`<NAME>_FILE\`, the path of a file that holds it.

${[section('every process', sharedLines), ...own].join('\n')}`;
}

/** docs/connectors/README.md: every operation of every connector. */
export function connectorsPage(definitions: ConnectorDefinition[]): string {
  const sections = definitions.map(({ name, version, owner, summary, operations }) => {
    const rows = Object.entries(operations).map(([verb, it]) => [
      `\`${name}.${operationName(verb)}\``,
      it.kind,
      versionText(it, version),
      it.summary.en,
      it.summary.vi,
      (it.requires ?? []).map((context) => `\`${context}\``).join(', '),
      `${it.timeoutMs / 1_000} s`,
      it.sensitivity,
    ]);
    const head = ['operation', 'kind', 'version', 'English', 'Vietnamese', 'requires', 'time', 'holds'];
    return `## [${name}](${name}.md)\n\n${summary.en} · ${summary.vi}. Answered for by: ${owner}.\n\n${markdownTable(head, rows)}`;
  });
  return `# Connectors\n\n${generatedNote}${sections.join('\n')}`;
}

/** `v1`, and until when it is there where that is said. */
function versionText({ version, deprecatedSince, sunsetOn }: Operation, connector: string): string {
  const major = majorVersion(version ?? connector);
  if (deprecatedSince === undefined) return major;
  return `${major}, deprecated since ${deprecatedSince}${sunsetOn === undefined ? '' : `, until ${sunsetOn}`}`;
}

/** docs/connectors/conformance.md: the rules of the checker. */
export function conformancePage(): string {
  const needs = { commands: '`--commands`', process: '`--start`', recorded: '`--recorded`' };
  const rows = Object.entries<ConformanceRule>(conformanceRules).map(
    ([id, { level, asks, tried, section, needs: need }]) => [
      `\`${id}\``,
      level,
      asks,
      tried,
      need ? needs[need] : '',
      `[${section.replaceAll('-', ' ')}](../protocol.md#${section})`,
    ],
  );
  return `# Does a connector conform?

${generatedNote}\`lgsp check connector\` holds a connector against [the protocol](../protocol.md), over NATS alone: it reads no line of its code, so it says the
same of one in TypeScript, Python or C.

\`\`\`console
$ npx lgsp check connector weather                      # what runs there: discovery, schemas, queries
$ npx lgsp check connector lgsp.weather.v1.get-forecast # one operation
$ npx lgsp check connector weather --commands           # commands as well: only before a sandbox
$ npx lgsp check connector weather --commands --start 'python3 weather.py' --recorded weather.schemas.json
\`\`\`

- **Commands have effects**, so they are sent only with \`--commands\`; without it their descriptions are read, and what was not tried is said.
- With \`--start\` the checker starts the connector itself, gives it \`LGSP_NATS_URL\`, and at the end stops it with SIGTERM in the middle of calls.
- With \`--recorded\` the schemas are compared with those in a file: a change that breaks callers under the same major version is a finding. The file
  is written when it is not there yet, and when something was only added: keep it with the code.
- The examples of the operations are what is sent. \`--header 'Lgsp-Dossier: …'\` replaces an invented header where the sandbox needs a real one.
- Exit code 0 when every rule that was tried is kept; \`should\` counts only with \`--strict\`. \`--json\` gives the report to programs; each finding
  names its rule, what was sent, what came, what was expected, and where the rule is written.
- It connects to \`LGSP_NATS_URL\` as nobody in particular, which a bus on a developer's machine allows; elsewhere as
  \`LGSP_CHECK_NATS_USER\` with \`LGSP_CHECK_NATS_PASSWORD\`, a user that may publish to \`lgsp.*.*.*\`, \`lgsp.*.*.*.outcome\`, \`lgsp.*.*.*.callback\` and \`$SRV.>\`, and
  listen to \`_INBOX_check.>\`. A production bus has no such user: it would call past the door and the book.

${markdownTable(['rule', 'level', 'a connector', 'how it is tried', 'with', 'written at'], rows)}
The tests of this project hold every connector of the house, the [samples](samples) in other languages, and a set of deliberately broken
connectors (\`test/conformance/broken\`) against these rules: each broken one has exactly the finding that it earns.
`;
}
