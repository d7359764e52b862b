import { BusError, type FieldError, type Language } from '#lgsp/errors';
import { ruleMessage } from '#lgsp/kit';

/** Most events of one answer, and how many where the caller does not say. */
export const limitMax = 500;
const limitDefault = 100;
/** Longest wait for an event, in seconds. */
export const waitMaxSeconds = 30;

/** Which events are asked for. */
export interface EventQuery {
  /** The place of the last event that the caller has, 0 before the first; `newest` for what comes from now on. */
  after: number | typeof newest;
  limit: number;
  waitMs: number;
  system?: string;
  /** Whose; for operators only, who otherwise see those of all clients. */
  client?: string;
}

/** In place of a cursor: after the newest event of now. */
export const newest = 'newest';

const names = ['after', 'limit', 'wait', 'system'] as const;
const token = /^[a-z][a-z0-9-]{0,63}$/;
const whole = /^[0-9]{1,15}$/;

/**
 * Reads the query of an address: `?after=1204&limit=100&wait=30`.
 * @param resumed the header `Last-Event-ID`, by which a browser's stream goes on where it broke
 * @throws BusError `invalid-request` naming every parameter that is wrong
 */
export function readEventQuery(
  query: Readonly<Record<string, unknown>>,
  { mayNameClient, language, resumed }: { mayNameClient: boolean; language: Language; resumed?: string },
): EventQuery {
  const known: readonly string[] = mayNameClient ? [...names, 'client'] : names;
  const faults: FieldError[] = [];
  const refuse = (name: string, rule: string, parameters: unknown[] = []): undefined =>
    void faults.push({ path: `/${name.slice(0, 100)}`, rule, message: ruleMessage(rule, parameters)[language] });
  for (const [name, value] of Object.entries(query)) {
    if (!known.includes(name)) refuse(name, 'unknown-field');
    else if (typeof value !== 'string') refuse(name, 'given-once');
  }
  const text = (name: string): string | undefined => (typeof query[name] === 'string' ? query[name] : undefined);
  const count = (name: string, value: string | undefined, otherwise: number, most: number, least = 0): number => {
    if (value === undefined) return otherwise;
    if (!whole.test(value)) refuse(name, 'is-int');
    else if (Number(value) < least) refuse(name, 'min', [least]);
    else if (Number(value) > most) refuse(name, 'max', [most]);
    return Number(value);
  };
  const named = (name: string): string | undefined => {
    const value = text(name);
    return value === undefined || token.test(value) ? value : refuse(name, 'matches', [token.source]);
  };
  const after = resumed ?? text('after');
  const result: EventQuery = {
    after: after === newest ? newest : count('after', after, 0, Number.MAX_SAFE_INTEGER),
    limit: count('limit', text('limit'), limitDefault, limitMax, 1),
    waitMs: count('wait', text('wait'), 0, waitMaxSeconds) * 1_000,
    system: named('system'),
    client: named('client'),
  };
  if (faults.length > 0) throw new BusError('invalid-request', { errors: faults });
  return result;
}
