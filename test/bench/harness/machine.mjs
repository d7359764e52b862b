/** Where figures were measured: they mean nothing without it. */
import { spawnSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { root } from '../../../deploy/local/places.mjs';
import { find } from '../../../deploy/local/commands.mjs';
import { programOf, versionOf } from './servers.mjs';

/** Above this load, others use the machine. */
export const quietLoad = 0.5;

/** @param {string} natsProgram */
export async function describeMachine(natsProgram) {
  const git = (/** @type {string[]} */ ...args) =>
    spawnSync('git', args, { cwd: root, encoding: 'utf8', timeout: 10_000 }).stdout?.trim() ?? '';
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGigabytes: Math.round(totalmem() / 1e9),
    kernel: release(),
    node: process.version,
    nats: versionOf(natsProgram, ['-v']),
    redis: versionOf(await programOf('redis'), ['-v']).split(' sha')[0],
    wrk: find('wrk') && versionOf('wrk', ['-v']).split(' Copyright')[0],
    commit:
      git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '--', 'apps', 'libs') ? ' with changes' : ''),
    loadBefore: loadavg()[0],
  };
}
