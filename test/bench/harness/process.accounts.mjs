/** What the kernel accounts to processes: CPU time and memory. */
import { readFileSync } from 'node:fs';

/** The kernel's clock ticks per second in /proc (USER_HZ): 100 on every Linux that Node supports. */
const ticksPerSecond = 100;
const microsecondsPerTick = 1e6 / ticksPerSecond;

/** @typedef {Record<string, readonly number[]>} Roles process ids by what they do: gateway, responder, nats, redis */

/** The fields after the name, which may hold anything, also blanks. @param {number | 'self'} pid */
const statFields = (pid) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ').map(Number);

/** CPU microseconds, user and system, that a process has used so far, with its threads that have ended. @param {number} pid */
function cpuMicroseconds(pid) {
  const fields = statFields(pid);
  return (fields[11] + fields[12]) * microsecondsPerTick;
}

/** Resident memory in megabytes. @param {number} pid */
export function residentMegabytes(pid) {
  const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return (Number(kibibytes) * 1_024) / 1e6;
}

/** A sum over the processes of each role. @param {Roles} roles @param {(pid: number) => number} figure */
function byRole(roles, figure) {
  const sums = Object.entries(roles).map(([role, pids]) => [role, pids.reduce((sum, pid) => sum + figure(pid), 0)]);
  return /** @type {Record<string, number>} */ (Object.fromEntries(sums));
}

/** @param {Roles} roles */
export const memoryOf = (roles) => byRole(roles, residentMegabytes);

/** CPU microseconds of the whole machine in processes, and of this process with the load generators that it has run. */
function machineMicroseconds() {
  const [user, nice, system, , , , , steal] = /^cpu +(.*)$/m
    .exec(readFileSync('/proc/stat', 'utf8'))[1]
    .split(' ')
    .map(Number);
  const own = statFields('self');
  return {
    all: (user + nice + system + steal) * microsecondsPerTick,
    own: (own[11] + own[12] + own[13] + own[14]) * microsecondsPerTick,
  };
}

/** Starts an account of CPU time; `close()` tells what was used since. @param {Roles} roles */
export function openAccount(roles) {
  const startedAt = performance.now();
  const before = byRole(roles, cpuMicroseconds);
  const machineBefore = machineMicroseconds();
  return {
    close() {
      const after = byRole(roles, cpuMicroseconds);
      const machine = machineMicroseconds();
      /** @type {Record<string, number>} */
      const cpu = {};
      let measured = 0;
      for (const role in after) measured += cpu[role] = after[role] - before[role];
      const own = machine.own - machineBefore.own;
      const others = machine.all - machineBefore.all - own - measured;
      // What the machine did for somebody else meanwhile: above a few hundredths the figures are disturbed.
      const othersCores = Math.max(0, others) / ((performance.now() - startedAt) * 1_000);
      return { cpu, generator: own, othersCores };
    },
  };
}
