import { namesOf } from '../described.operation';
import { isRecord, readJson } from '../json.text';
import { breaksOfSchema } from './schema.comparison';

/** What callers of an operation rely on, as it was when it was recorded. */
export interface RecordedOperation {
  version: string;
  kind: string;
  requires: string[];
  /** Day on which it is taken away: after it, it may be missing. */
  sunsetOn?: string;
  input: unknown;
  output: unknown;
}

/** By subject. */
export type RecordedSchemas = Record<string, RecordedOperation>;

/** What breaks the callers of an operation without a new major version. */
export interface VersionBreak {
  subject: string;
  /** `input`, `output` or the operation itself, and where in it. */
  path: string;
  rule: string;
  message: string;
}

/** Notes for readers, which break nobody. */
const notes = new Set('title description examples example default $comment deprecated'.split(' '));
/** Keywords whose members are named by whoever wrote the schema: none of these names is a note. */
const named = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);

/** What there is to record of a connector, from the descriptions of its operations (docs/protocol.md). */
export function schemasOf(
  operations: readonly { subject: string; metadata: Readonly<Record<string, unknown>> }[],
): RecordedSchemas {
  const records = operations.map(({ subject, metadata }): [string, RecordedOperation] => {
    const { version, kind, requires, sunsetOn, input, output } = metadata;
    return [
      subject,
      {
        version: String(version),
        kind: kind === 'command' ? 'command' : 'query',
        requires: (namesOf(requires) ?? []).toSorted(),
        ...(typeof sunsetOn === 'string' ? { sunsetOn } : {}),
        input: withoutNotes(readJson(input) ?? {}),
        output: withoutNotes(readJson(output) ?? {}),
      },
    ];
  });
  return Object.fromEntries(records);
}

/**
 * What of the present operations breaks those who call them as they were recorded. A further operation, a further optional
 * field of an input and a further field of an output break nobody.
 * @param today in Vietnam, `2026-11-25`
 */
export function breaksOf(recorded: RecordedSchemas, present: RecordedSchemas, today: string): VersionBreak[] {
  return Object.entries(recorded).flatMap(([subject, before]) => {
    const after = present[subject];
    if (after) return breaksOfOperation(before, after).map((it) => ({ subject, ...it }));
    if (before.sunsetOn !== undefined && before.sunsetOn <= today) return [];
    const message =
      before.sunsetOn === undefined
        ? 'is gone: say first when it is taken away (deprecatedSince, sunsetOn)'
        : `is gone before ${before.sunsetOn}, until when it was promised`;
    return [{ subject, path: 'operation', rule: 'operation-removed', message }];
  });
}

function breaksOfOperation(before: RecordedOperation, after: RecordedOperation): Omit<VersionBreak, 'subject'>[] {
  const asked = after.requires.filter((name) => !before.requires.includes(name));
  const { sunsetOn } = before;
  const isEarlier = sunsetOn !== undefined && after.sunsetOn !== undefined && after.sunsetOn < sunsetOn;
  return [
    ...(before.kind === after.kind ? [] : [own('kind', `was a ${before.kind} and is a ${after.kind}`)]),
    ...asked.map((name) => own('requires', `newly requires the context ${name}`)),
    ...(isEarlier ? [own('sunset-earlier', `was promised until ${sunsetOn}, not until ${after.sunsetOn}`)] : []),
    ...(['input', 'output'] as const).flatMap((direction) =>
      breaksOfSchema(direction, before[direction], after[direction]).map(({ path, rule, message }) => ({
        path: direction + path,
        rule,
        message,
      })),
    ),
  ];
}

const own = (rule: string, message: string): Omit<VersionBreak, 'subject'> => ({ path: 'operation', rule, message });

/** As it stands in a file: the same schemas are the same text. */
export const recordText = (schemas: RecordedSchemas): string =>
  `${JSON.stringify(Object.fromEntries(Object.entries(schemas).toSorted(([a], [b]) => a.localeCompare(b))), null, 2)}\n`;

/** As a person reads it. */
export const breakText = ({ subject, path, rule, message }: VersionBreak): string =>
  `${subject}: ${path} ${message} (${rule}): a change that breaks callers is another major version (CONTRIBUTING.md)`;

function withoutNotes(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutNotes);
  if (!isRecord(schema)) return schema;
  const kept = Object.entries(schema).filter(([keyword]) => !notes.has(keyword));
  return Object.fromEntries(
    kept.map(([keyword, value]) => {
      if (named.has(keyword) && isRecord(value))
        return [keyword, Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withoutNotes(part)]))];
      return [keyword, keyword === 'enum' || keyword === 'const' ? value : withoutNotes(value)];
    }),
  );
}
