import type { Callback, ConnectorConfig } from '..';
import type { ConnectorHarness } from './connector.harness';

/** A callback as the outside system of the test sends it. */
export interface SentCallback {
  body: object;
  /** HTTP headers, in lower case. */
  headers?: Record<string, string>;
}

/** Makes a true callback of a kind. @param env what the stand-in told its connector, the secrets in it */
export type TrueCallback = (env: Readonly<Record<string, string>>) => SentCallback;

const garbage: readonly [string, string][] = [
  ['nothing', ''],
  ['half an object', '{"a":'],
  ['a list', '[1]'],
  ['null', 'null'],
  ['a text', '"text"'],
  ['what is no UTF-8', '\ud800'],
  ['deep nesting', `${'['.repeat(5_000)}${']'.repeat(5_000)}`],
  ['a prototype', '{"__proto__":{"a":1},"constructor":1}'],
];

/** What a connector owes whoever calls back: the truth is taken, a forgery is refused in the form of the outside system, and nothing breaks it. */
export function describeCallback(
  harness: ConnectorHarness<ConnectorConfig>,
  kind: string,
  { example }: Callback,
  trueCallback: TrueCallback | undefined,
): void {
  it('refuses its example, whose proof is wrong, in the form of the outside system', async () => {
    const { refused, observations, reply } = await harness.callBack(kind, { body: example.body });
    expect({ refused, observations }).toEqual({ refused: 'forged', observations: [] });
    const [answered, expected] = [JSON.parse(reply.body) as object, example.reply].map((one) => Object.keys(one));
    expect(answered).toEqual(expect.arrayContaining(expected!.slice(0, 1)));
  });

  it.each(garbage)('refuses %s, and answers', async (_what, body) => {
    const { refused, observations, reply } = await harness.callBack(kind, { body });
    expect({ refused, observations }).toEqual({
      refused: expect.stringMatching(/^(forged|refused)$/),
      observations: [],
    });
    expect(reply.body).not.toBe('');
  });

  it('takes a true one, and answers as its example', async () => {
    if (!trueCallback) throw new Error(`the contract is not told how a true ${kind} is made`);
    const { refused, reply, observations, submission } = await harness.callBack(
      kind,
      trueCallback(harness.standIn.env),
    );
    expect(refused).toBeUndefined();
    expect(JSON.parse(reply.body)).toEqual(example.reply);
    expect(observations.length > 0 || submission !== undefined).toBe(true);
    for (const { at } of observations) expect(at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00$/);
  });
}
