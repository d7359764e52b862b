/** Text of HTML that is written and not escaped any more. */
export class Markup {
  constructor(readonly text: string) {}
}

type Part = Markup | string | number | undefined | readonly (Markup | undefined)[];

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => entities[character]!);

/** HTML in which every value that is no markup itself is escaped: a name from the book cannot become a part of the page. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const written = strings.map((text, index) => text + (index < parts.length ? write(parts[index]) : ''));
  return new Markup(written.join(''));
}

function write(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Markup) return part.text;
  return typeof part === 'object' ? part.map((item) => item?.text ?? '').join('') : escaped(String(part));
}
