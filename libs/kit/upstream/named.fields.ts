import type { FieldError, Language } from '#lgsp/errors';
import { ruleMessage } from '../rule.messages';

/**
 * The fields that an outside system's refusal names by its own names, under the caller's paths; undefined when it names none.
 * @param paths its names, each with the caller's path
 */
export function namedFields(
  message: string | undefined,
  paths: Iterable<readonly [name: string, path: string]>,
  language: Language,
): FieldError[] | undefined {
  const words: readonly string[] = message?.match(/\w+/g) ?? [];
  const named = [...paths].filter(([name]) => words.includes(name));
  if (named.length === 0) return undefined;
  const rule = 'upstream-field';
  return named.map(([, path]) => ({ path, rule, message: ruleMessage(rule)[language] }));
}
