/**
 * Every rule that a connector is held against, in the order in which it is tried. docs/connectors/conformance.md is made from
 * this table, and each row names the heading of docs/protocol.md under which the rule is written.
 */
export interface ConformanceRule {
  /** `must`: a connector that breaks it does not conform. `should`: it works, and something is missing. */
  level: 'must' | 'should';
  /** What a connector does that keeps it. */
  asks: string;
  /** How it is tried. */
  tried: string;
  /** Heading in docs/protocol.md. */
  section: string;
  /** What else it takes to try it: calls with an effect, or the process itself. */
  needs?: 'commands' | 'process' | 'recorded';
}

const must = (section: string, asks: string, tried: string, needs?: ConformanceRule['needs']): ConformanceRule => ({
  level: 'must',
  asks,
  tried,
  section,
  needs,
});
const should = (section: string, asks: string, tried: string): ConformanceRule => ({
  ...must(section, asks, tried),
  level: 'should',
});

export const conformanceRules = {
  'discovery.ping': must(
    'discovery',
    'answers `$SRV.PING`, `$SRV.PING.<name>` and `$SRV.PING.<name>.<id>` with its name, id and version',
    'each is asked',
  ),
  'discovery.info': must(
    'discovery',
    'answers `$SRV.INFO`, `$SRV.INFO.<name>` and `$SRV.INFO.<name>.<id>`, always as the same instance',
    'each is asked; name, id and semantic version must be those of the ping',
  ),
  'discovery.stats': must(
    'discovery',
    'answers `$SRV.STATS`, `$SRV.STATS.<name>` and `$SRV.STATS.<name>.<id>` with a line for each endpoint',
    'each is asked; every endpoint of the description must be there',
  ),
  'discovery.subject': must(
    'requests',
    'listens on `lgsp.<system>.v<major>.<operation>`, in the queue group of the system',
    'subjects and queue groups of the description are read',
  ),
  'discovery.metadata': must(
    'discovery',
    'what an endpoint tells of itself is well-formed: kind, version, time, sensitivity, context, dates',
    'the description is read as the gateway reads it, but strictly',
  ),
  'discovery.described': should(
    'discovery',
    'says who answers for it, and of each operation what it does, in both languages',
    'the description is read',
  ),
  'schema.valid': must(
    'schemas-and-examples',
    'input and output of an operation are JSON Schemas of objects',
    'both are compiled (draft 2020-12)',
  ),
  'schema.example': must(
    'schemas-and-examples',
    'has an example whose input and output are valid by its own schemas',
    'the example is validated',
  ),
  'schema.answer': must(
    'schemas-and-examples',
    'answers its own example with success, and the answer is valid by its output schema',
    'the example is sent',
  ),
  'versions.compatible': must(
    'versions',
    'breaks no caller without another major version',
    'the schemas are compared with those that were recorded before',
    'recorded',
  ),
  'input.json': must(
    'what-is-refused',
    'refuses a body that is not JSON with `malformed-json`',
    'half an object is sent, and an empty body',
  ),
  'input.required': must(
    'what-is-refused',
    'refuses an empty object with `invalid-request`, naming every required field by its path',
    '`{}` is sent where the schema has required fields',
  ),
  'input.unknown-field': must(
    'what-is-refused',
    'refuses a field that its schema does not have with `invalid-request`, naming its path',
    'the example is sent with one field more',
  ),
  'input.wrong-type': must(
    'what-is-refused',
    'refuses a value of the wrong type with `invalid-request`, naming the path of the field',
    'the example is sent once for each field with a value that the schema does not allow',
  ),
  'errors.headers': must(
    'errors',
    'an error has the headers `Nats-Service-Error-Code` and `Nats-Service-Error`',
    'every refusal that the other rules provoke is read',
  ),
  'errors.code': must(
    'errors',
    'the code of an error is one of the table, and the number is the one that belongs to it',
    'every refusal is read',
  ),
  'errors.document': must(
    'errors',
    'the body of an error is a problem document: `code`, `detail`, `errors` with `path`, `rule` and `message`, `upstream`',
    'every refusal is read; a member that is there must be well-formed',
  ),
  'headers.answer': must(
    'headers-of-an-answer',
    'what an answer tells in its headers is well-formed, and a transaction or trace that it repeats is the one it was given',
    'the headers of every answer are read',
  ),
  'context.required': should(
    'headers-of-a-request',
    'refuses a call without a context that it requires with `missing-context`, naming the header',
    'the example is sent without each of them',
  ),
  'deadline.expired': must(
    'deadlines',
    'refuses a call whose deadline has passed with `deadline-exceeded`, and does nothing',
    'the example is sent with a deadline in the past',
  ),
  'deadline.kept': must(
    'deadlines',
    'answers before a deadline that is shorter than its own time',
    'the example is sent with a short deadline; any answer in time will do',
  ),
  'idempotency.key': must(
    'commands',
    'refuses a command without an idempotency key with `idempotency-key-required`',
    'the example is sent without it',
    'commands',
  ),
  'idempotency.once': must(
    'commands',
    'a command that is sent again with its key has no second effect, and is answered as the first time',
    'the example is sent twice with one key, the second time with `Lgsp-Recheck: true`; what its answer must have is the same, but for states',
    'commands',
  ),
  'idempotency.outcome': must(
    'commands',
    'answers at `<subject>.outcome` what became of a command, and never denies one that it has answered with success',
    'asked by the key alone, before and after the command succeeded',
    'commands',
  ),
  'callbacks.described': must(
    'callbacks',
    'says of each kind of callback what it tells and how it is proven, within the bounds',
    'the description is read',
  ),
  'callbacks.forged': must(
    'callbacks',
    'refuses a callback whose proof is wrong as `forged`, with a reply in the form of the outside system, and tells nothing of it',
    'its example is sent, whose proof is wrong',
  ),
  'callbacks.garbage': must(
    'callbacks',
    'answers whatever comes as a callback: what it cannot read it refuses',
    'what is no message of its kind is sent',
  ),
  'drain.finishes': must(
    'stopping',
    'on SIGTERM it ends the calls that it has taken',
    'a burst of calls, then the signal: each is answered, or finds nobody, and none is lost',
    'process',
  ),
  'drain.leaves': must(
    'stopping',
    'after SIGTERM it takes no new calls, answers no discovery, and its process ends with exit code 0',
    'calls and pings after the signal',
    'process',
  ),
  'log.personal': must(
    'stopping',
    'writes no personal data into its log',
    'what the process wrote is searched for the texts of its examples, unless they are public',
    'process',
  ),
} as const satisfies Record<string, ConformanceRule>;

export type RuleId = keyof typeof conformanceRules;
export const ruleIds = Object.keys(conformanceRules) as RuleId[];
