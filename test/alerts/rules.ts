import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { metricTable, type MetricName } from '#lgsp/telemetry';
import { parse } from 'yaml';

/**
 * `npm test` drills some of the alerts, with every time of the rules a sixtieth; `npm run drill` all of them, with the times as
 * they are, or with `--short` a sixtieth as well.
 */
const drill = process.env['LGSP_DRILL'];
export const isFull = drill === 'full';
export const drillsAll = isFull || drill === 'short';
export const factor = isFull ? 1 : 1 / 60;

export const root = resolve(__dirname, '../..');
export const rulesFolder = join(root, 'deploy/prometheus/rules');
export const testsFolder = join(root, 'deploy/prometheus/tests');

export interface AlertRule {
  alert: string;
  expr: string;
  for?: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

export interface RecordingRule {
  record: string;
  expr: string;
}

interface RuleFile {
  groups: { name: string; rules: (AlertRule | RecordingRule)[] }[];
}

export const ruleFiles = readdirSync(rulesFolder).toSorted();
const rules = ruleFiles.flatMap((file) =>
  (parse(readFileSync(join(rulesFolder, file), 'utf8')) as RuleFile).groups.flatMap((group) => group.rules),
);

export const alerts = rules.filter((rule): rule is AlertRule => 'alert' in rule);
export const recordings = rules.filter((rule): rule is RecordingRule => 'record' in rule);

export const ruleName = (rule: AlertRule | RecordingRule): string => ('alert' in rule ? rule.alert : rule.record);

/** `LgspConnectorDown` → `connector-down`, the name of its runbook. */
export const runbookOf = (alert: string): string =>
  alert
    .replace(/^Lgsp/, '')
    .replaceAll(/[A-Z]/g, (letter, at: number) => `${at > 0 ? '-' : ''}${letter.toLowerCase()}`);

/** The metric of the table that a series belongs to; of a histogram, its buckets, sum and count do. */
export function familyOf(series: string): MetricName {
  const name = series.replace(/_(bucket|sum|count)$/, '') as MetricName;
  const family = name in metricTable && metricTable[name].type === 'histogram' ? name : (series as MetricName);
  if (!(family in metricTable)) throw new Error(`${series} is not in the metric table`);
  return family;
}

const lengthsMs: Record<string, number> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** `1h30m` → milliseconds. */
export const msOf = (duration: string): number =>
  [...duration.matchAll(/(\d+)(ms|[smhdw])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * lengthsMs[unit!]!,
    0,
  );

/**
 * A file of rules in which every time is shorter by one and the same factor: windows, offsets, `for`, and ages, which the rules
 * write as a number times 60, 3600 or 86400. So a drill tries the very rules, and does not wait for hours.
 */
export function scaled(text: string, factor: number): string {
  const shorter = (duration: string): string => `${Math.max(1, Math.round(msOf(duration) * factor))}ms`;
  return text
    .replaceAll(/\[((?:\d+(?:ms|[smhdw]))+)\]/g, (_all, window: string) => `[${shorter(window)}]`)
    .replaceAll(
      /(\boffset |\bfor: )((?:\d+(?:ms|[smhdw]))+)/g,
      (_all, word: string, time: string) => word + shorter(time),
    )
    .replaceAll(/\* (60|3600|86400)\b/g, (_all, seconds: string) => `* ${Number(seconds) * factor}`);
}
