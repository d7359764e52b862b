/** One run of the bench: its options, its folder, its processes. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensureBuild } from '../../../deploy/local/build.mjs';
import { find } from '../../../deploy/local/commands.mjs';
import { places } from '../../../deploy/local/places.mjs';
import { say, Trouble } from '../../../deploy/local/say.mjs';
import { Children } from './children.mjs';
import { contenderNames } from './contenders.mjs';
import { describeMachine, quietLoad } from './machine.mjs';
import { numbers } from './options.mjs';
import { programOf } from './servers.mjs';
import { Stage } from './stage.mjs';
import { measureInTurn } from './subjects.mjs';

export class Lab {
  children = new Children();
  say = say;
  #stages = 0;

  /** @param {Record<string, string>} options */
  constructor(options) {
    this.options = options;
    const { rounds, seconds, warmup, connections } = options;
    [this.rounds] = numbers('rounds', rounds);
    [this.seconds] = numbers('seconds', seconds);
    [this.warmup] = numbers('warmup', warmup);
    [this.connections] = numbers('connections', connections);
    const parent = join(places.local, 'bench');
    mkdirSync(parent, { recursive: true, mode: 0o700 });
    // On the disk and not in a temporary folder, which may be memory: durable writes are part of what is measured.
    this.folder = mkdtempSync(join(parent, 'run-'));
  }

  /**
   * Makes sure of everything that is needed, so that nothing is installed while others are measured.
   * @param {{counted?: boolean}} scene that only counts needs no load, and no quiet machine
   */
  async prepare({ counted = false }) {
    await ensureBuild();
    this.natsProgram = await this.#findNats();
    if (!counted) await programOf('wrk');
    this.machine = await describeMachine(this.natsProgram);
    const { loadBefore, cores, processor } = this.machine;
    say(`${processor}, ${cores} cores; Node ${this.machine.node}, ${this.machine.nats}`);
    if (loadBefore > quietLoad && !counted)
      say(`others use this machine (load ${loadBefore.toFixed(1)}): the figures will be disturbed`);
  }

  /** Servers and a responder of their own. @param {{syncAlways?: boolean, systems?: import('./stage.mjs').RespondingSystem[]}} [options] */
  stage(options) {
    const { profile } = this.options;
    const execArgv = profile ? ['--cpu-prof', `--cpu-prof-dir=${resolve(profile)}`] : [];
    const stage = new Stage(this.children, { execArgv });
    return stage.start(/** @type {string} */ (this.natsProgram), join(this.folder, `stage-${++this.#stages}`), options);
  }

  /** The contenders that were asked for. @param {readonly string[]} [preset] */
  contenders(preset = contenderNames()) {
    return this.options.contenders?.split(',') ?? preset;
  }

  /** @param {readonly import('./subjects.mjs').Subject[]} subjects */
  measure(subjects, { seconds = this.seconds, warmup = this.warmup } = {}) {
    return measureInTurn(subjects, { rounds: this.rounds, seconds, warmup, say });
  }

  async close() {
    await this.children.endAll();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #findNats() {
    const wanted = this.options['nats-server'];
    if (!wanted) return programOf('nats');
    const found = wanted.includes('/') ? resolve(wanted) : find(wanted);
    if (!found) throw new Trouble(`--nats-server: there is no ${wanted}`);
    return found;
  }
}
