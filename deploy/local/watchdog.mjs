/**
 * Runs a server that knows nothing of us, and ends it when whoever started this is gone, however it went: a foreign
 * program would outlive a launcher that was killed. `node watchdog.mjs <command> <args…>`
 */
import { spawn } from 'node:child_process';

const endTimeoutMs = 5_000;
const [command = '', ...args] = process.argv.slice(2);

// Its own process group: a Ctrl-C at the terminal is for the launcher, which stops things in order.
const server = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], detached: true });
server.once('spawn', () => process.send?.({ server: server.pid }));
server.once('error', (error) => {
  process.stderr.write(`${command}: ${error.message}\n`);
  process.exit(1);
});
server.once('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));

const end = () => {
  server.kill('SIGTERM');
  setTimeout(() => server.kill('SIGKILL'), endTimeoutMs);
};
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.once(signal, end);
process.once('disconnect', end);
