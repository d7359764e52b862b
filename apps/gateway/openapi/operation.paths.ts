import { contextNames } from '#lgsp/bus';
import type { Language } from '#lgsp/errors';
import { majorOf } from '../catalogue/catalogue';
import type { OperationEntry, SystemEntry } from '../catalogue/service.description';
import { contextTexts, documentTexts, operationTexts, parameterTexts } from './openapi.texts';
import { headerReferences } from './problem.responses';
import { withoutPointers, type SchemaShelf } from './schema.shelf';

type Json = Record<string, unknown>;

/** The paths of every operation of every system. @param problems responses of a failed call, by the kind of its operation */
export function operationPaths(
  systems: readonly SystemEntry[],
  shelf: SchemaShelf,
  problems: Record<OperationEntry['kind'], Json>,
  language: Language,
): Record<string, Json> {
  const paths = systems.flatMap(({ system, operations }) =>
    operations.map((operation): [string, Json] => [
      `/${majorOf(operation)}/${system}/${operation.operation}`,
      { post: operationObject(system, operation, shelf, problems[operation.kind], language) },
    ]),
  );
  return Object.fromEntries(paths);
}

function operationObject(
  system: string,
  entry: OperationEntry,
  shelf: SchemaShelf,
  problems: Json,
  language: Language,
): Json {
  const { operation, kind, summary, summaryVi, deprecatedSince } = entry;
  const major = majorOf(entry);
  const [nameSuffix, idSuffix] = major === 'v1' ? ['', ''] : [`.${major}`, `_${major}`];
  const name = `${system}.${operation}${nameSuffix}`;
  const { input, output } = examplesOf(entry);
  return {
    operationId: `${camelCase(system)}_${camelCase(operation)}${idSuffix}`,
    tags: [system],
    summary: (language === 'vi' ? summaryVi : undefined) ?? summary,
    description: describe(entry, language),
    ...(deprecatedSince === undefined ? {} : { deprecated: true }),
    'x-lgsp': extensionOf(entry),
    parameters: parametersOf(entry, language),
    requestBody: {
      required: true,
      content: { 'application/json': { schema: shelf.add(`${name}.input`, entry.input), ...input } },
    },
    responses: {
      200: {
        description: documentTexts.success[language],
        headers: headerReferences([...successHeaders[kind], ...deprecationHeaders(entry)]),
        content: { 'application/json': { schema: shelf.add(`${name}.output`, entry.output), ...output } },
      },
      ...(kind === 'command' ? { 202: acceptedResponse(language) } : {}),
      ...problems,
    },
  };
}

const acceptedResponse = (language: Language): Json => ({
  description: documentTexts.accepted[language],
  headers: headerReferences([...admitted, 'Location', 'Preference-Applied', 'Idempotency-Replayed']),
  content: { 'application/json': { schema: acceptedSchema } },
});
const acceptedSchema: Json = {
  type: 'object',
  required: ['transactionId', 'outcome'],
  properties: {
    transactionId: { type: 'string', format: 'uuid' },
    outcome: { type: 'string', const: 'accepted' },
  },
};

const admitted = ['Lgsp-Transaction-Id', 'RateLimit', 'RateLimit-Policy', 'traceparent'] as const;
const successHeaders = { query: admitted, command: [...admitted, 'Idempotency-Replayed'] } as const;

const deprecationHeaders = ({ deprecatedSince, sunsetOn }: OperationEntry): string[] => [
  ...(deprecatedSince === undefined ? [] : ['Deprecation', 'Link']),
  ...(deprecatedSince === undefined || sunsetOn === undefined ? [] : ['Sunset']),
];

function describe(entry: OperationEntry, language: Language): string {
  const { kind, timeoutMs, sensitivity, deprecatedSince, sunsetOn } = entry;
  const { time, holds, deprecated, sunset } = operationTexts;
  return [
    operationTexts[kind][language],
    `${time[language]} ${timeoutMs / 1_000} s.`,
    `${holds[language]}: ${operationTexts[sensitivity][language]}.`,
    ...(deprecatedSince === undefined ? [] : [`${deprecated[language]} ${deprecatedSince}.`]),
    ...(sunsetOn === undefined ? [] : [`${sunset[language]} ${sunsetOn}.`]),
  ].join(' ');
}

/** For programs: what the catalogue says of the operation beside its schemas. */
const extensionOf = (entry: OperationEntry): Json => {
  const { version, kind, timeoutMs, sensitivity, requires, deprecatedSince, sunsetOn } = entry;
  return {
    version,
    kind,
    timeoutMs,
    sensitivity,
    requires,
    deprecatedSince,
    sunsetOn,
  };
};

function parametersOf({ kind, requires }: OperationEntry, language: Language): Json[] {
  const context = contextNames.map((name) => {
    const { header, text, example } = contextTexts[name];
    const required = requires.includes(name);
    // An example is filled in by those who try the call out, so an optional header has none.
    return headerParameter(header, text[language], { required, example: required ? example : undefined });
  });
  const prefer = { type: 'string', enum: ['respond-async'] };
  const key = { required: true, schema: { type: 'string', minLength: 1, maxLength: 255 } };
  return [
    ...(kind === 'command' ? [headerParameter('Idempotency-Key', parameterTexts.idempotencyKey[language], key)] : []),
    ...(kind === 'command' ? [headerParameter('Prefer', parameterTexts.prefer[language], { schema: prefer })] : []),
    // Those that are required come first.
    ...context.toSorted((a, b) => Number(b['required']) - Number(a['required'])),
    ...['Lgsp-Deadline-Ms', 'Accept-Language', 'traceparent'].map((name) => ({
      $ref: `#/components/parameters/${name}`,
    })),
  ];
}

const contextSchema = { type: 'string', maxLength: 255, pattern: '^[\\x21-\\x7e]([\\x20-\\x7e]*[\\x21-\\x7e])?$' };

function headerParameter(
  name: string,
  description: string,
  { required = false, example, schema = contextSchema }: { required?: boolean; example?: string; schema?: Json },
): Json {
  return { name, in: 'header', description, required, schema, ...(example === undefined ? {} : { example }) };
}

/** Headers that every operation takes. */
export function sharedParameters(language: Language): Json {
  const { deadline, language: ofMessages, traceparent } = parameterTexts;
  const wholeNumber = { type: 'string', pattern: '^[1-9][0-9]{0,8}$' };
  const languages = { type: 'string', enum: ['en', 'vi'] };
  return {
    'Lgsp-Deadline-Ms': headerParameter('Lgsp-Deadline-Ms', deadline[language], { schema: wholeNumber }),
    'Accept-Language': headerParameter('Accept-Language', ofMessages[language], { schema: languages }),
    traceparent: headerParameter('traceparent', traceparent[language], { schema: { type: 'string' } }),
  };
}

function examplesOf({ example }: OperationEntry): { input: Json; output: Json } {
  const { input, output } = (typeof example === 'object' && example !== null ? example : {}) as Json;
  const asExample = (value: unknown): Json => (value === undefined ? {} : { example: withoutPointers(value) });
  return { input: asExample(input), output: asExample(output) };
}

/** `register-birth` → `registerBirth`; a digit after a hyphen keeps it apart: `a-1` → `a_1`. */
const camelCase = (name: string): string =>
  name.replaceAll(/-([a-z0-9]?)/g, (_, next: string) => (/[0-9]/.test(next) ? `_${next}` : next.toUpperCase()));
