import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from '../settings';
import { formatted, type NewFile } from './connector.files';

const run = promisify(execFile);
const generateTimeoutMs = 300_000;

interface PartList {
  projects: Record<string, { lgsp?: { part?: string } }>;
}

/** Files of one connector as they were written: by path, the hash of each. */
type Written = Record<string, string>;

const partList = 'nest-cli.json';

/** The sources of the bus, into which a connector is written and from which it is taken back. */
export class SourceTree {
  private constructor(private readonly root: string) {}

  /** The tree that holds this folder. @throws UsageError outside of one */
  static around(folder = process.cwd()): SourceTree {
    for (let at = folder; ; at = dirname(at)) {
      if (existsSync(join(at, partList)) && existsSync(join(at, 'libs/kit'))) return new SourceTree(at);
      if (at === dirname(at)) throw new UsageError('run this inside the sources of the bus: no nest-cli.json is above');
    }
  }

  /** Whether an app or a stand-in has this name, or a folder or page lies where one would be written. */
  has(name: string): boolean {
    const taken = [`apps/${name}`, `apps/sandbox/${name}`, `docs/connectors/${name}.md`];
    return name in this.parts().projects || taken.some((path) => existsSync(join(this.root, path)));
  }

  /** Lists that are rewritten, and have changes that are not committed. Empty where the tree is no git checkout. */
  dirtyLists(): string[] {
    if (!existsSync(join(this.root, '.git'))) return [];
    const args = ['status', '--porcelain', '--', ...this.lists()];
    const said = execFileSync('git', args, { cwd: this.root, encoding: 'utf8' });
    return said
      .split('\n')
      .filter(Boolean)
      .map((line) => line.slice(3));
  }

  /** What every new connector changes beside its own files. */
  lists(): string[] {
    const script = join(this.root, 'deploy/local/generate.mjs');
    const said = execFileSync(process.execPath, [script, '--list'], { encoding: 'utf8' });
    return [partList, ...said.split('\n').filter(Boolean)];
  }

  /** Writes the files of a connector, its entry, and the lists that follow. All of it goes again when a step fails. */
  async add(name: string, files: readonly NewFile[]): Promise<void> {
    const written: Written = Object.fromEntries(files.map(({ path, text }) => [path, hashOf(text)]));
    this.keep(name, written);
    try {
      for (const { path, text } of files) {
        mkdirSync(dirname(join(this.root, path)), { recursive: true });
        writeFileSync(join(this.root, path), text, { flag: 'wx' });
      }
      await this.list(name, entryOf(name));
      await this.generate();
      // Beside them lie now what was made from them: the schemas that callers rely on.
      const all = [...new Set([...Object.keys(written), ...this.filesOf(name)])];
      this.keep(name, Object.fromEntries(all.map((path) => [path, this.hash(path) ?? ''])));
    } catch (error) {
      await this.takeBack(name, [...Object.keys(written), ...this.filesOf(name)]);
      throw error;
    }
  }

  /** Removes what `add` wrote. @throws UsageError when a person has changed it since, unless told to remove it all the same */
  async remove(name: string, { force = false } = {}): Promise<string[]> {
    const written = this.record(name);
    if (!written) throw new UsageError(`"${name}" was not made by this command here: remove it with git`);
    const here = this.filesOf(name);
    const changed = Object.keys(written).filter((path) => this.hash(path) !== written[path]);
    const added = here.filter((path) => !(path in written));
    if (!force && changed.length + added.length > 0) {
      throw new UsageError(
        `there is work of yours in ${[...changed, ...added].join(', ')}: keep it elsewhere, or say --force`,
      );
    }
    await this.takeBack(name, [...here, ...Object.keys(written)]);
    await this.generate();
    return [...Object.keys(written), ...this.lists()];
  }

  private async takeBack(name: string, paths: readonly string[]): Promise<void> {
    for (const path of paths) rmSync(join(this.root, path), { force: true });
    for (const folder of [`apps/${name}`, `apps/sandbox/${name}`]) {
      const path = join(this.root, folder);
      if (existsSync(path) && readdirSync(path).length === 0) rmdirSync(path);
    }
    await this.list(name, undefined);
    rmSync(this.recordPath(name), { force: true });
  }

  private parts(): PartList {
    return JSON.parse(readFileSync(join(this.root, partList), 'utf8')) as PartList;
  }

  private async list(name: string, entry: object | undefined): Promise<void> {
    const { projects, ...rest } = this.parts();
    const { [name]: _, ...others } = projects;
    const list = { ...rest, projects: entry ? { ...others, [name]: entry } : others };
    writeFileSync(join(this.root, partList), await formatted(partList, JSON.stringify(list, null, 2)));
  }

  /** Rewrites every list that is made from the tree. */
  private async generate(): Promise<void> {
    const script = join(this.root, 'deploy/local/generate.mjs');
    await run(process.execPath, [script], { cwd: this.root, timeout: generateTimeoutMs });
  }

  private recordPath(name: string): string {
    return join(process.env['LGSP_LOCAL_DIR'] ?? join(this.root, '.local'), 'new', `${name}.json`);
  }

  private record(name: string): Written | undefined {
    const path = this.recordPath(name);
    return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Written) : undefined;
  }

  private keep(name: string, written: Written): void {
    mkdirSync(dirname(this.recordPath(name)), { recursive: true, mode: 0o700 });
    writeFileSync(this.recordPath(name), JSON.stringify(written));
  }

  private hash(path: string): string | undefined {
    const full = join(this.root, path);
    return existsSync(full) ? hashOf(readFileSync(full, 'utf8')) : undefined;
  }

  private filesOf(name: string): string[] {
    return ['apps', 'apps/sandbox'].flatMap((folder) => this.filesIn(`${folder}/${name}`));
  }

  private filesIn(folder: string): string[] {
    const full = join(this.root, folder);
    if (!existsSync(full)) return [];
    return readdirSync(full, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.root.length + 1));
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const entryOf = (name: string): object => ({
  type: 'application',
  root: `apps/${name}`,
  sourceRoot: `apps/${name}`,
  entryFile: `apps/${name}/main`,
  compilerOptions: { tsConfigPath: 'deploy/tsconfig.build.json' },
  lgsp: { part: 'connector' },
});
