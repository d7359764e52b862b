/** Pieces of TypeScript as text; oxfmt gives them their form. */

/** A string literal, whatever is in it. */
export const quoted = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n').replaceAll('\r', '\\r')}'`;

/** A value as a literal; long texts are data too. */
export function literal(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{ ${Object.entries(value)
      .map(([name, member]) => `${memberName(name)}: ${literal(member)}`)
      .join(', ')} }`;
  }
  return JSON.stringify(value);
}

/** The name of a member of an object literal, in quotes where it must be. */
export const memberName = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name));

/** Text from outside inside a block comment: on one line, and unable to end it. */
export const commentText = (text: string): string =>
  text.replaceAll(/\s+/g, ' ').replaceAll('*/', '* /').trim().slice(0, 200);

/** `import { a, type B } from 'x';`: values first, each sorted; nothing where nothing is used. */
export function importOf(names: Iterable<string>, from: string): string {
  const all = [...new Set(names)].toSorted((a, b) => a.localeCompare(b, 'en'));
  const sorted = [...all.filter((name) => !isType(name)), ...all.filter(isType)];
  return sorted.length === 0 ? '' : `import { ${sorted.join(', ')} } from '${from}';\n`;
}

const isType = (name: string): boolean => name.startsWith('type ');

/** What begins every comment in which something is left to a person: `grep -rn DECIDE` finds them all. */
export const decide = 'DECIDE:';
