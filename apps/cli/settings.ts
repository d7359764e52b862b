import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

/** A mistake of the person who typed: shown as one line, without a stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What `npm start` writes, for those who try the bus out and for this command; read where the environment says nothing. */
const localFiles = [join('.local', 'env', 'cli.env'), join('.local', 'demo.env')];

/** Where things are and who we are: from the environment, else from what `npm start` wrote in this folder or its parents. */
export class Settings {
  private readonly file: Readonly<Record<string, string | undefined>>;

  constructor(
    private readonly environment: NodeJS.ProcessEnv = process.env,
    folder = process.cwd(),
  ) {
    const paths = localFiles.map((name) => findUp(folder, name)).filter((path) => path !== undefined);
    this.file = Object.assign({}, ...paths.map((path) => parseEnv(readFileSync(path, 'utf8'))));
  }

  /** @throws UsageError saying how to provide it */
  get(variable: string): string {
    const value = this.find(variable);
    if (value === undefined) throw new UsageError(`${variable} is not set: start the bus with "npm start", or set it`);
    return value;
  }

  find(variable: string): string | undefined {
    return this.environment[variable] || this.file[variable] || undefined;
  }
}

function findUp(folder: string, name: string): string | undefined {
  const path = join(folder, name);
  if (existsSync(path)) return path;
  const parent = join(folder, '..');
  return parent === folder ? undefined : findUp(parent, name);
}
