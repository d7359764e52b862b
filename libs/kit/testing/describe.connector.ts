import { randomUUID } from 'node:crypto';
import { busHeaders } from '#lgsp/bus';
import { BusError, errorTable, type ErrorCode } from '#lgsp/errors';
import { jsonSchemaOf, validateMessage, type ConnectorConfig, type ConnectorParts, type Operation } from '..';
import { describeCallback, type TrueCallback } from './describe.callbacks';
import { ConnectorHarness, type WatchfulStandIn } from './connector.harness';
import { describeFeed, describeFollowing } from './describe.following';
import { isIn, personalTexts } from './personal.texts';

type Harness = ConnectorHarness<ConnectorConfig>;

export interface ContractOptions {
  /** Starts a fresh stand-in of the outside system; left out by a connector that works its answers out by itself. */
  standIn?: () => Promise<WatchfulStandIn>;
  /** Environment of the connector beside what its stand-in gives. */
  settings?: Record<string, string>;
  /** Codes that differ from the rule for good reason, by verb and fault; say the reason beside it. */
  codes?: Record<string, Record<string, string>>;
  /** Commands that the outside system may be sent twice without a second effect, so nothing is asked first. */
  repeatableCommands?: readonly string[];
  /**
   * Commands that are found again by their input, because what names them at the outside system is in it: by verb, an input
   * of its own for each test. Asked by the bare key they must answer `outcome-unknown`, never that nothing happened.
   */
  foundByInput?: Record<string, (serial: number) => object>;
  /** By kind of callback: how the outside system makes a true one. */
  callbacks?: Record<string, TrueCallback>;
  /** Tests of this connector's own peculiarities, on the same harness. */
  peculiarities?: (harness: () => ConnectorHarness) => void;
}

/** Which code each fault becomes: a command whose answer is lost may have taken effect. */
const codeOfFault: Record<string, { query: string; command: string }> = {
  'error-500': { query: 'upstream-fault', command: 'upstream-fault' },
  'fault-document': { query: 'upstream-fault', command: 'upstream-fault' },
  throttled: { query: 'upstream-fault', command: 'upstream-fault' },
  garbage: { query: 'upstream-invalid', command: 'outcome-unknown' },
  'wrong-content-type': { query: 'upstream-invalid', command: 'outcome-unknown' },
  hang: { query: 'upstream-timeout', command: 'outcome-unknown' },
  drip: { query: 'upstream-timeout', command: 'outcome-unknown' },
  'lost-reply': { query: 'upstream-unreachable', command: 'outcome-unknown' },
  down: { query: 'upstream-unreachable', command: 'upstream-unreachable' },
};

const shortTimeoutMs = 700;
/** What a busy machine may add to it, in milliseconds. */
const busyMs = 300;

/** Stands in where there is no outside system: nothing can be asked of it, and nothing go wrong there. */
const nobody: WatchfulStandIn = {
  env: {},
  requests: 0,
  aborted: 0,
  credentials: new Set(),
  effects: { list: () => [] },
  setFault: async () => undefined,
  stop: async () => undefined,
};

/**
 * The contract that every connector keeps, tried on each of its operations against a real NATS and a stand-in of its
 * outside system.
 */
export function describeConnector<C extends ConnectorConfig>(parts: ConnectorParts<C>, options: ContractOptions): void {
  const { definition } = parts;
  const { standIn: startStandIn = async () => nobody } = options;
  describe(`connector ${definition.name}`, () => {
    let standIn: WatchfulStandIn;
    const harness = new ConnectorHarness(parts, async () => (standIn = await startStandIn()));
    beforeAll(() => harness.start(options.settings));
    afterAll(() => harness.stop());
    afterEach(() => harness.standIn.setFault(undefined));

    for (const [verb, operation] of Object.entries(definition.operations)) {
      describe(verb, () => {
        describeInput(harness, verb, operation);
        if (operation.kind === 'command') {
          const repeatable = options.repeatableCommands?.includes(verb) ?? false;
          describeCommand(harness, verb, operation);
          if (repeatable) describeRepeatable(harness, verb, operation);
          else {
            describeRepetition(harness, verb, operation, options.foundByInput?.[verb]);
            describeFailedQuestion(harness, verb, operation);
          }
          if (operation.follow) describeFollowing(harness, verb, operation);
        }
      });
    }
    if (options.standIn) describeFaults(harness, definition.operations, options.codes ?? {});
    for (const [name, feed] of Object.entries(definition.feeds ?? {}))
      describe(`list ${name}`, () => describeFeed(harness, name, feed));
    for (const [kind, callback] of Object.entries(definition.callbacks ?? {}))
      describe(`callback ${kind}`, () => describeCallback(harness, kind, callback, options.callbacks?.[kind]));
    options.peculiarities?.(() => harness);

    it('has written no credential that it sent or was given into its log, at debug level', () => {
      const log = harness.logLines.join('');
      expect([...standIn.credentials].filter((credential) => log.includes(credential))).toEqual([]);
    });

    // Runs last, over every line that the calls above have logged.
    it('has written no personal data into its log, at debug level', () => {
      expect(harness.logLines.length).toBeGreaterThan(0);
      const log = harness.logLines.join('');
      const examples = [...Object.values(definition.operations), ...Object.values(definition.callbacks ?? {})];
      const leaked = personalTexts(examples).filter((text) => isIn(log, text));
      expect(leaked).toEqual([]);
    });
  });
}

function describeInput(harness: Harness, verb: string, operation: Operation): void {
  const { example } = operation;
  it('answers its example', async () => {
    const { output, problem } = await harness.call(verb, example.input);
    expect(problem).toBeUndefined();
    expect(validateMessage(operation.output, output!)).toEqual([]);
    const varies = new Set(example.varies);
    for (const [field, value] of Object.entries(JSON.parse(JSON.stringify(example.output)) as object)) {
      if (varies.has(field)) expect(typeof output![field]).toBe(typeof value);
      else expect({ [field]: output![field] }).toEqual({ [field]: value });
    }
  });

  const required = (jsonSchemaOf(operation.input)['required'] as string[] | undefined) ?? [];
  it(`refuses an empty input, naming ${required.length} required field(s)`, async () => {
    const { code, problem } = await harness.call(verb, {});
    const named = problem?.errors?.filter(({ rule }) => rule === 'required').map(({ path }) => path);
    if (required.length === 0) expect(code).not.toBe('invalid-request');
    else
      expect({ code, named: named?.toSorted() }).toEqual({
        code: 'invalid-request',
        named: required.map((name) => `/${name}`).toSorted(),
      });
  });

  it('refuses an unknown field by its path', async () => {
    const { code, problem } = await harness.call(verb, { ...example.input, noSuchField: 1 });
    expect(code).toBe('invalid-request');
    expect(problem?.errors).toEqual([expect.objectContaining({ path: '/noSuchField', rule: 'unknown-field' })]);
  });

  for (const name of operation.requires ?? []) {
    it(`needs ${name} in its context`, async () => {
      const { code, problem } = await harness.call(verb, example.input, { headers: { [busHeaders[name]]: undefined } });
      expect({ code, path: problem?.errors?.[0]?.path }).toEqual({ code: 'missing-context', path: busHeaders[name] });
    });
  }
}

/** Each fault meets all operations at the same time: most of what a fault takes is waited for. */
function describeFaults(
  harness: Harness,
  operations: Readonly<Record<string, Operation>>,
  exceptions: Record<string, Record<string, string>>,
): void {
  const verbs = Object.keys(operations);
  const inputOf = (verb: string): unknown => operations[verb]!.example.input;
  // First calls in good health, so that a token is at hand and the fault meets the operation itself.
  const inGoodHealth = () => Promise.all(verbs.map((verb) => harness.call(verb, inputOf(verb))));

  it.each(Object.entries(codeOfFault))(
    'answers each operation within its deadline, with the right code, when the upstream has the fault %s',
    async (kind, codes) => {
      await inGoodHealth();
      await harness.standIn.setFault({ kind, delayMs: 50 });
      // One that is sent over a connection from before, which its client has not seen closed, ends as nobody knows.
      if (kind === 'down')
        await Promise.all(verbs.map((verb) => harness.call(verb, inputOf(verb)).catch(BusError.from)));
      const answered = verbs.map(async (verb) => [verb, await answerInTime(harness, verb, inputOf(verb))]);
      const expected = verbs.map((verb) => [verb, exceptions[verb]?.[kind] ?? codes[operations[verb]!.kind]]);
      expect(Object.fromEntries(await Promise.all(answered))).toEqual(Object.fromEntries(expected));
    },
  );

  it('aborts the upstream call of each operation when time is up', async () => {
    await inGoodHealth();
    await harness.standIn.setFault({ kind: 'hang' });
    const before = harness.standIn.aborted;
    // Whether its answer still came in time is another test's affair.
    const calls = verbs.map((verb) => harness.call(verb, inputOf(verb), { timeoutMs: 300 }).catch(BusError.from));
    await Promise.all(calls);
    await eventually(() => harness.standIn.aborted >= before + verbs.length);
  });
}

/** The code of an answer that came within its deadline. A busy machine may take the little time that an answer has in reserve. */
async function answerInTime(harness: Harness, verb: string, input: unknown): Promise<string> {
  let code = 'none';
  for (let tried = 0; tried < 3; tried++) {
    try {
      const result = await harness.call(verb, input, { timeoutMs: shortTimeoutMs });
      if (result.ms < shortTimeoutMs + busyMs) return result.code;
      code = `${result.code}, too late`;
    } catch (error) {
      code = BusError.from(error).code;
    }
  }
  return code;
}

function describeCommand(harness: Harness, verb: string, { example }: Operation): void {
  it('needs an idempotency key', async () => {
    const { code } = await harness.call(verb, example.input, { headers: { [busHeaders.idempotencyKey]: undefined } });
    expect(code).toBe('idempotency-key-required');
  });
}

const serialsMax = 10_000;
let serials = Math.floor(Math.random() * serialsMax);
/** Of four digits, another one each time. */
const nextSerial = (): number => serials++ % serialsMax;

function describeRepetition(
  harness: Harness,
  verb: string,
  { example }: Operation,
  freshInput?: (serial: number) => object,
): void {
  const fresh = (): { input: object; headers: Record<string, string> } => {
    const serial = nextSerial();
    const dossier = `H24.11-261102-${String(serial).padStart(4, '0')}`;
    const headers = { [busHeaders.idempotencyKey]: randomUUID(), [busHeaders.dossier]: dossier };
    return { input: freshInput?.(serial) ?? example.input, headers };
  };

  it(`finds out by ${freshInput ? 'the input' : 'the key alone'} what became of it`, async () => {
    const { input, headers } = fresh();
    const question = freshInput && input;
    const before = await harness.call(verb, question, { headers, outcome: true });
    expect(before.code).toBe('not-found');
    const { output } = await harness.call(verb, input, { headers });
    const after = await harness.call(verb, question, { headers, outcome: true });
    expect({ before: output !== undefined, code: after.code }).toEqual({ before: true, code: 'ok' });
  });

  if (freshInput) {
    it('does not claim to know what became of it by the key alone', async () => {
      const { input, headers } = fresh();
      await harness.call(verb, input, { headers });
      const { code } = await harness.call(verb, undefined, { headers, outcome: true });
      expect(code).toBe('outcome-unknown');
    });
  }

  it('has one effect when the reply is lost and the command is sent again', async () => {
    await harness.call(verb, example.input);
    const { input, headers } = fresh();
    const before = harness.effectCount();
    await harness.standIn.setFault({ kind: 'lost-reply', times: 1 });
    const lost = await harness.call(verb, input, { headers });
    const again = await harness.call(verb, input, { headers: { ...headers, [busHeaders.recheck]: 'true' } });
    expect({ lost: lost.code, again: again.code, effects: harness.effectCount() - before }).toEqual({
      lost: 'outcome-unknown',
      again: 'ok',
      effects: 1,
    });
  });
}

function describeRepeatable(harness: Harness, verb: string, { example }: Operation): void {
  it('has at most one effect when the reply is lost and the command is sent again', async () => {
    await harness.call(verb, example.input);
    const headers = { [busHeaders.idempotencyKey]: randomUUID() };
    const before = harness.effectCount();
    await harness.standIn.setFault({ kind: 'lost-reply', times: 1 });
    const lost = await harness.call(verb, example.input, { headers });
    const again = await harness.call(verb, example.input, { headers: { ...headers, [busHeaders.recheck]: 'true' } });
    expect({ lost: lost.code, again: again.code }).toEqual({ lost: 'outcome-unknown', again: 'ok' });
    expect(harness.effectCount() - before).toBeLessThanOrEqual(1);
  });

  it('does not claim to know what became of it by the key alone', async () => {
    const { code } = await harness.call(verb, undefined, { outcome: true });
    expect(code).toBe('outcome-unknown');
  });
}

function describeFailedQuestion(harness: Harness, verb: string, { example }: Operation): void {
  it.each([
    ['unknown', 'true', { outcome: 'unknown' }],
    ['failed', 'failed', { outcome: 'failed', retry: 'after' }],
  ])('stays %s when the question what became of it fails', async (_was, recheck, row) => {
    const before = harness.effectCount();
    await harness.standIn.setFault({ kind: 'error-500' });
    const headers = { [busHeaders.idempotencyKey]: randomUUID(), [busHeaders.recheck]: recheck };
    const { code } = await harness.call(verb, example.input, { headers });
    expect(errorTable[code as ErrorCode]).toMatchObject(row);
    expect(harness.effectCount()).toBe(before);
  });
}

async function eventually(condition: () => boolean, withinMs = 2_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`it did not happen within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
