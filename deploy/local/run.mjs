/**
 * `npm run part -- <name>`: starts one part again, as the launcher started it, in the foreground. What follows the name is given
 * to it: `npm run ledger -- rebuild` lets the ledger do that and end.
 */
import { spawn } from 'node:child_process';
import { readEnvironment } from './environment.mjs';
import { readParts } from './parts.mjs';
import { places, root } from './places.mjs';
import { told, Trouble } from './say.mjs';

function main() {
  const [name, ...args] = process.argv.slice(2);
  const parts = readParts().filter(({ kind }) => kind !== 'tool');
  const names = parts.map((part) => part.name).join(', ');
  const part = parts.find((candidate) => candidate.name === name);
  if (!part) throw new Trouble(`npm run part -- <name>, where the name is one of: ${names}`);
  const environment = readEnvironment(places.environment(part.name));
  if (!environment) throw new Trouble(`${part.name} was never started here: run "npm start" first`);
  const child = spawn(process.execPath, [part.main, ...args], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: 'inherit',
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => child.kill(signal));
  child.once('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

try {
  main();
} catch (error) {
  process.stderr.write(`${told(error)}\n`);
  process.exit(1);
}
