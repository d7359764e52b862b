import { execFile } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(__dirname, '../../..');

/** The validator is an ES module that finds its schemas beside itself: it runs as the program that it is made to be. */
const program = `
import { Validator } from '@seriousme/openapi-schema-validator';
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const validator = new Validator();
const result = await validator.validate(JSON.parse(Buffer.concat(chunks).toString('utf8')));
process.stdout.write(JSON.stringify({ ...result, version: validator.version }));
`;

/** Validates an OpenAPI document, its references included, by the schema of its version. */
export function validateOpenApi(document: object): Promise<{ valid: boolean; version: string; errors?: unknown }> {
  return new Promise((done, reject) => {
    const child = execFile(
      process.execPath,
      ['--input-type=module', '-e', program],
      { cwd: root, timeout: 60_000, maxBuffer: 10_000_000 },
      (error, stdout) =>
        error ? reject(error) : done(JSON.parse(stdout) as { valid: boolean; version: string; errors?: unknown }),
    );
    child.stdin!.end(JSON.stringify(document));
  });
}
