import type { Callback, Operation } from '..';

/** The texts of the examples of operations on persons that a log line must not hold. Lower-case words are codes of ours, bare years stand in any time. */
export function personalTexts(examples: (Operation | Callback)[]): string[] {
  const texts = new Set<string>();
  const collect = (value: unknown): void => {
    if (typeof value === 'string' && value.length >= 4 && !/^([a-z-]+|\d{4})$/.test(value)) texts.add(value);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect);
  };
  for (const { sensitivity, example } of examples)
    if (sensitivity !== 'public') collect('input' in example ? [example.input, example.output] : example.body);
  return [...texts];
}

/** A short number stands in many an id by chance: only where it stands by itself is it what was looked for. */
export function isIn(log: string, text: string): boolean {
  return /^\d{1,7}$/.test(text) ? new RegExp(`(?<![\\w.-])${text}(?![\\w.-])`).test(log) : log.includes(text);
}
