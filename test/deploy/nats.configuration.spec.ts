import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../..');
const written = readFileSync(join(root, 'deploy/nats/nats.conf'), 'utf8');

it('deploy/nats/nats.conf is what the table of permissions says', () => {
  execFileSync(process.execPath, ['deploy/nats/write.mjs', '--check'], { cwd: root, stdio: 'pipe' });
  expect(written).toContain('allow_responses');
});

it('is read by a NATS server, with every password from the environment and nobody without credentials', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lgsp-nats-conf-'));
  const file = join(folder, 'nats.conf');
  // The server of Debian 12 does not know sync_interval, and there are no certificates here.
  writeFileSync(file, written.replace(/ *sync_interval: .*\n/, '').replace(/tls \{[^}]*\}\n/, ''));
  const names = [...written.matchAll(/\$(LGSP_\w+)/g)].map(([, name]) => name!);
  const environment = Object.fromEntries(names.map((name) => [name, 'invented-password']));
  execFileSync('nats-server', ['-t', '-c', file], { env: { ...process.env, ...environment }, stdio: 'pipe' });
  expect(names.length).toBeGreaterThan(6);
  expect(written).not.toContain('no_auth_user');
  rmSync(folder, { recursive: true });
});
