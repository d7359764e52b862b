import { Command, InvalidArgumentError } from 'commander';
import { courierSubjects, type JobPage, type SystemView } from '#lgsp/jobs';
import { followingSubjects, type FollowingPage } from '#lgsp/progress';
import type { Settings } from '../settings';
import { operator, withCourier } from './courier.access';
import { drawFollowing, drawWaiting } from './following.drawing';
import { drawJobs, drawSystems } from './job.drawing';
import { addReplay } from './replay.command';
import { askFor, write } from './show.job';

interface ListOptions {
  system?: string;
  client?: string;
  after?: number;
  limit: number;
  json?: boolean;
}

interface FollowingOptions {
  system?: string;
  overdue?: boolean;
  ended?: boolean;
  limit: number;
  json?: boolean;
}

interface PauseOptions {
  json?: boolean;
  until?: number;
  reason?: string;
}

/** `lgsp jobs`: asynchronous commands that wait. Needs the operator's credentials of NATS, and a courier that runs. */
export function jobsCommand(settings: Settings): Command {
  const jobs = new Command('jobs').description('asynchronous commands that wait to be sent, and what holds them');
  addLooking(jobs, settings);
  addFollowing(jobs, settings);
  jobs
    .command('cancel <transaction>')
    .description('takes a command back before it was ever sent: its transaction is rejected then')
    .option('--json', 'for programs')
    .action((id: string, { json }: { json?: boolean }) =>
      askFor(settings, courierSubjects.cancel, { id, who: operator() }, json),
    );
  jobs
    .command('pause <system>')
    .description('lets nothing more be sent to a system; what waits loses no attempt')
    .option('--until <time>', 'when it is resumed by itself: 2026-11-25T05:00:00+07:00', timeOption)
    .option('--reason <words>', 'why, for those who look')
    .option('--json', 'for programs')
    .action((system: string, { json, ...options }: PauseOptions) => {
      const request = { system, who: operator(), ...options };
      return tell(settings, courierSubjects.pause, request, `nothing more is sent to ${system}`, json);
    });
  jobs
    .command('resume <system>')
    .description('lets commands be sent to a system again')
    .option('--json', 'for programs')
    .action((system: string, { json }: { json?: boolean }) => {
      const request = { system, who: operator() };
      return tell(settings, courierSubjects.resume, request, `commands are sent to ${system} again`, json);
    });
  addReplay(jobs, settings);
  return jobs;
}

function addLooking(jobs: Command, settings: Settings): void {
  jobs
    .command('list')
    .description('those that wait, in the order of their acceptance')
    .option('--system <system>', 'only those for it')
    .option('--client <client>', 'only those of it')
    .option('--after <place>', 'from after this place on, as the page before named it', Number)
    .option('--limit <count>', 'most on a page, 1 to 200', Number, 50)
    .option('--json', 'for programs')
    .action(({ json, ...search }: ListOptions) =>
      withCourier(settings, async (ask) => {
        const page = await ask<JobPage>(courierSubjects.jobs, search);
        write(json ? JSON.stringify(page, null, 2) : drawJobs(page.jobs));
        if (!json && page.after !== undefined) process.stderr.write(`there are more: --after ${page.after}\n`);
      }),
    );
  jobs
    .command('show <transaction>')
    .description('where one stands')
    .option('--json', 'for programs')
    .action((id: string, { json }: { json?: boolean }) => askFor(settings, courierSubjects.job, { id }, json));
  jobs
    .command('systems')
    .description('how many wait for which system, and what holds them')
    .option('--json', 'for programs')
    .action(({ json }: { json?: boolean }) =>
      withCourier(settings, async (ask) => {
        const systems = await ask<SystemView[]>(courierSubjects.systems, {});
        write(json ? JSON.stringify(systems, null, 2) : drawSystems(systems));
      }),
    );
}

function addFollowing(jobs: Command, settings: Settings): void {
  jobs
    .command('following')
    .description(
      'what commands began at outside systems and has not ended, the oldest first: where it stands, how old it is',
    )
    .option('--system <system>', 'only what is there')
    .option('--overdue', 'only what should have ended by now')
    .option('--ended', 'what has ended as well, as long as it is kept')
    .option('--limit <count>', 'most that are shown, 1 to 200', Number, 50)
    .option('--json', 'for programs')
    .action(({ json, ...search }: FollowingOptions) =>
      withCourier(settings, async (ask) => {
        const page = await ask<FollowingPage>(followingSubjects.following, search);
        write(json ? JSON.stringify(page, null, 2) : drawFollowing(page.items));
        const more = page.count - page.items.length;
        const waiting = drawWaiting(page);
        if (!json && waiting) process.stderr.write(`${waiting}\n`);
        if (!json && more > 0) process.stderr.write(`there are ${more} more: --limit, --system\n`);
      }),
    );
}

function tell(settings: Settings, subject: string, request: object, done: string, json?: boolean): Promise<void> {
  return withCourier(settings, async (ask) => {
    await ask(subject, request);
    write(json ? JSON.stringify(request) : done);
  });
}

function timeOption(text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at) || !/(Z|[+-]\d{2}:\d{2})$/.test(text))
    throw new InvalidArgumentError('it must be a time with its offset, 2026-11-25T05:00:00+07:00');
  return at;
}
