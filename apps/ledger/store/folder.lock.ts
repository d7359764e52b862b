import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Keeps two processes from opening one folder of data, which would destroy it. The file beside the folder names the process
 * that has it; one that was killed leaves the file behind, and then the next may take it.
 */
export class FolderLock {
  private constructor(private readonly path: string) {}

  /** @throws Error when a living process has the folder */
  static take(folder: string): FolderLock {
    const path = `${folder}.lock`;
    const owner = existsSync(path) ? readFileSync(path, 'utf8') : '';
    if (lives(owner)) throw new Error(`process ${owner.split(' ')[0]} has ${folder} open (it says so in ${path})`);
    rmSync(path, { force: true });
    writeFileSync(path, self(), { flag: 'wx', mode: 0o600 }); // Of two that come at once, one fails here.
    return new FolderLock(path);
  }

  release(): void {
    rmSync(this.path, { force: true });
  }
}

/** A process by its number and its start: numbers come again, above all after the machine was started anew. */
const self = (): string => `${process.pid} ${startOf(process.pid)}`;

function lives(owner: string): boolean {
  const [number = '', start = ''] = owner.split(' ');
  const pid = Number(number);
  if (!pid) return false;
  // Our own number is ours from an earlier life (in a container it is always the same), unless the start is ours too.
  if (pid === process.pid) return start !== unknownStart && start === startOf(pid);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return startOf(pid) === start;
}

const unknownStart = 'unknown';

/** When a process began, as far as the system tells; where it does not, its number has to do. */
function startOf(pid: number): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The fields after the program's name, which may hold spaces: the 20th of them is the start in clock ticks.
    return `${boot}/${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return unknownStart;
  }
}
