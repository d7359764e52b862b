import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { readSystems } from '../parts';
import { upstreamNamesIn } from './upstream.names';

/** Rules of the house that no compiler and no linter knows; each says why. */

const root = resolve(__dirname, '../..');
const list = (...args: string[]): string[] =>
  execFileSync('git', ['ls-files', ...args], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter(Boolean);
/** What git knows, and what it will know once it is added. */
const files = [...new Set([...list(), ...list('--others', '--exclude-standard')])].filter((file) =>
  existsSync(join(root, file)),
);
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const code = files.filter((file) => /\.(ts|mjs|js|cjs)$/.test(file));
const source = code.filter((file) => /^(apps|libs)\//.test(file) && !file.endsWith('.spec.ts'));

const linesMax = 300;
const connectorLinesMax = 120;

it('a file fits in a head', () => {
  const long = code.filter((file) => read(file).split('\n').length > linesMax + 1);
  expect(long).toEqual([]);
});

it(`a connector, without its upstream client, has at most ${connectorLinesMax} lines`, () => {
  const connectors = source.filter((file) => /^apps\/.*\.connector\.ts$/.test(file));
  expect(connectors.map((file) => basename(file, '.connector.ts')).toSorted()).toEqual(readSystems().toSorted());
  const lengths = connectors.map((file) => ({ file, lines: read(file).trimEnd().split('\n').length }));
  expect(lengths.filter(({ lines }) => lines > connectorLinesMax)).toEqual([]);
});

it('nothing is left for later, skipped or focused', () => {
  // In brackets, so that this rule does not find itself.
  const leftovers = /TO[D]O|FIX[M]E|\b(it|test|describe)\.(on[l]y|ski[p])\b/;
  expect(code.filter((file) => leftovers.test(read(file)))).toEqual([]);
});

it('what a file exports is named by another one', () => {
  // The words of a connector are there for whoever extends it, also those that only its own messages are made of.
  const words = /\.messages\.ts$/;
  const namesIn = (file: string): string[] => read(file).match(/[\w$]+/g) ?? [];
  const places = new Map<string, number>();
  for (const file of code) for (const name of new Set(namesIn(file))) places.set(name, (places.get(name) ?? 0) + 1);
  const exported = /^export (?:async )?(?:abstract )?(?:const|function\*?|class) (\w+)/gm;
  const unnamed = code
    .filter((file) => !words.test(file))
    .flatMap((file) => [...read(file).matchAll(exported)].map(([, name]) => ({ file, name: name! })))
    .filter(({ name }) => places.get(name) === 1);
  expect(unnamed).toEqual([]);
});

it('names say what a thing is', () => {
  const empty = /(helper|util|manager|common|processor|impl)s?\b/i;
  expect(code.filter((file) => empty.test(basename(file)))).toEqual([]);
});

it('no path of a machine and no address of a package registry is written down', () => {
  const text = files.filter((file) => !/\.(png|ico)$/.test(file) && statSync(join(root, file)).size < 1_000_000);
  const registry = ['registry', 'npmjs'].join('.');
  const machine = new RegExp(`(^|[^\\w.])/(home|root|Users|work)/[a-z]|${registry}`, 'm');
  expect(text.filter((file) => machine.test(read(file)))).toEqual([]);
});

it('only the command line writes to the terminal', () => {
  const writers = source.filter(
    (file) => /console\.|process\.stdout/.test(read(file)) && !/^apps\/cli\/|\/testing\//.test(file),
  );
  expect(writers).toEqual([]);
});

it("an upstream's spelling stays in its upstream client and its stand-in", () => {
  const allowed = /upstream|^apps\/sandbox\/|^apps\/cli\/new\/|\.config\.ts$/;
  const spelled = source
    .filter((file) => file.startsWith('apps/') && !allowed.test(file))
    .map((file) => ({ file, names: upstreamNamesIn(read(file)) }))
    .filter(({ names }) => names.length > 0);
  // Give the field a name in the words of the bus, and its spelling to the *.upstream.ts of its system.
  expect(spelled).toEqual([]);
});

it('the rule on spelling knows what the upstream clients hold', () => {
  const clients = source.filter((file) => /^apps\/[^/]+\/.*upstream/.test(file));
  const known = new Set(clients.flatMap((file) => upstreamNamesIn(read(file))));
  expect(known.size).toBeGreaterThan(50);
});

it('nest-cli.json lists every app, and no other', () => {
  const { projects } = JSON.parse(read('nest-cli.json')) as { projects: Record<string, { entryFile: string }> };
  expect(Object.keys(projects).toSorted()).toEqual(readdirSync(join(root, 'apps')).toSorted());
  for (const { entryFile } of Object.values(projects)) expect(existsSync(join(root, `${entryFile}.ts`))).toBe(true);
});

it('the top level holds what a newcomer expects, and nothing else', () => {
  const expected = [
    'apps',
    'libs',
    'deploy',
    'test',
    'docs',
    'nest-cli.json',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
  ];
  const texts = ['README.md', 'README.vi.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'LICENSE'];
  const top = new Set(files.map((file) => file.split('/')[0]!));
  expect([...top].filter((name) => !name.startsWith('.') && !expected.includes(name) && !texts.includes(name))).toEqual(
    [],
  );
});

it('links between the documents lead somewhere', () => {
  const broken: string[] = [];
  for (const file of files.filter((name) => name.endsWith('.md'))) {
    for (const [, target] of read(file).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)) {
      if (!existsSync(resolve(root, file, '..', target!))) broken.push(`${file} → ${target}`);
    }
  }
  expect(broken).toEqual([]);
});
