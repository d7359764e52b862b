import { BusError, type FieldError, type Language } from '#lgsp/errors';
import { ruleMessage } from '#lgsp/kit';
import type { TransactionSearch } from '#lgsp/records';

/** What a search may name in its address. */
const names = ['dossier', 'system', 'operation', 'outcome', 'from', 'to', 'cursor', 'limit'] as const;
/** Longest value, in characters: a cursor is the longest. */
const lengthMax = 500;
const wholeNumber = /^[0-9]{1,9}$/;

/**
 * Reads the query of an address: `?dossier=H24.11-261101-0001&outcome=failed`. What the values must be is the ledger's to say.
 * @param mayNameClient whether somebody else's transactions may be asked for
 * @throws BusError `invalid-request` naming every parameter that is unknown, given twice or too long
 */
export function readTransactionQuery(
  query: Readonly<Record<string, unknown>>,
  mayNameClient: boolean,
  language: Language,
): TransactionSearch {
  const known: readonly string[] = mayNameClient ? [...names, 'client'] : names;
  const faults: FieldError[] = [];
  const refuse = (name: string, rule: string, parameters: unknown[] = []): void =>
    void faults.push({ path: `/${name.slice(0, 100)}`, rule, message: ruleMessage(rule, parameters)[language] });
  for (const [name, value] of Object.entries(query)) {
    if (!known.includes(name)) refuse(name, 'unknown-field');
    else if (typeof value !== 'string') refuse(name, 'given-once');
    else if (value.length > lengthMax) refuse(name, 'max-length', [lengthMax]);
    else if (name === 'limit' && !wholeNumber.test(value)) refuse(name, 'is-int');
  }
  if (faults.length > 0) throw new BusError('invalid-request', { errors: faults });
  const { limit, ...texts } = query as Partial<Record<keyof TransactionSearch, string>>;
  return { ...texts, ...(limit === undefined ? {} : { limit: Number(limit) }) } as TransactionSearch;
}
