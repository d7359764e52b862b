import { readFileSync, writeFileSync } from 'node:fs';

const writes = process.env['LGSP_WRITE_DOCS'] === '1';

const blockOf = (name: string): RegExp => new RegExp(`(<!-- example: ${name} -->\n\n\`\`\`text\n)[^]*?(\n\`\`\`\n)`);

/** Compares the named examples of a page with what was printed; with `LGSP_WRITE_DOCS=1` they are written into it instead. */
export function expectExamples(page: string, printed: Readonly<Record<string, string>>): void {
  if (writes) {
    let text = readFileSync(page, 'utf8');
    for (const [name, example] of Object.entries(printed))
      text = text.replace(blockOf(name), (_all, before: string, after: string) => before + example.trimEnd() + after);
    writeFileSync(page, text);
  }
  const text = readFileSync(page, 'utf8');
  for (const [name, example] of Object.entries(printed))
    expect(blockOf(name).exec(text)?.[0]).toContain(`\n${example.trimEnd()}\n`);
}

/** Names of all examples of a page, in their order. */
export function examplesOf(page: string): string[] {
  return [...readFileSync(page, 'utf8').matchAll(/<!-- example: (.*?) -->/g)].map(([, name]) => name!);
}
