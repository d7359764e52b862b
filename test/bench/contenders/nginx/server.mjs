/** Starts nginx with a configuration of its own, and ends it with the bench. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../../deploy/local/ports.mjs';
import { programOf } from '../../harness/servers.mjs';

const folder = mkdtempSync(join(tmpdir(), 'lgsp-bench-nginx-'));
const port = await freePort('nginx', 0);
const settings = { FOLDER: folder, PORT: String(port), UPSTREAM: new URL(process.env.RESPONDER_URL).host };
const template = readFileSync(join(import.meta.dirname, 'nginx.conf'), 'utf8');
const file = join(folder, 'nginx.conf');
writeFileSync(
  file,
  template.replaceAll(/\b(FOLDER|PORT|UPSTREAM)\b/g, (name) => settings[name]),
);
mkdirSync(join(folder, 'logs'));

const nginx = spawn(await programOf('nginx'), ['-c', file, '-p', folder], { stdio: ['ignore', 'ignore', 'inherit'] });
const end = () => nginx.kill('SIGTERM');
nginx.once('exit', (code) => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(code ?? 1);
});
for (const signal of ['SIGTERM', 'SIGINT', 'disconnect']) process.once(signal, end);

while (!(await listens())) await new Promise((resolve) => setTimeout(resolve, 20));
const workers = readFileSync(`/proc/${nginx.pid}/task/${nginx.pid}/children`, 'utf8').trim().split(' ').map(Number);
process.send({ ready: true, url: `http://127.0.0.1:${port}/`, processes: { gateway: [nginx.pid, ...workers] } });

function listens() {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
