import type { DeadPage, JobView, SystemView } from '#lgsp/jobs';
import { nowInVietnam } from '#lgsp/vietnam';
import { drawColumns } from '../table';

/** A moment as it is read: without the offset, which is Vietnam's. */
export const moment = (at: number | undefined): string =>
  at === undefined ? '' : nowInVietnam(new Date(at)).slice(0, 19).replace('T', ' ');

const jobHead = [
  'transaction',
  'operation',
  'client',
  'dossier',
  'state',
  'attempts',
  'accepted',
  'not before',
  'last answer',
];

export function drawJobs(jobs: readonly JobView[]): string {
  if (jobs.length === 0) return 'nothing waits';
  const lines = jobs.map((job) => [
    job.transactionId,
    `${job.system}.${job.operation}`,
    job.client,
    job.dossier ?? '',
    job.state,
    String(job.attempts),
    moment(job.queuedAt),
    moment(job.notBefore),
    job.lastAnswer?.code ?? '',
  ]);
  return drawColumns([jobHead, ...lines], [5]);
}

export function drawLetters(letters: DeadPage['letters']): string {
  if (letters.length === 0) return 'there are no dead letters';
  const head = ['transaction', 'operation', 'client', 'dossier', 'outcome', 'code', 'reason', 'attempts', 'died'];
  const lines = letters.map((letter) => [
    letter.transactionId,
    `${letter.system}.${letter.operation}`,
    letter.client,
    letter.dossier ?? '',
    letter.outcome,
    letter.code ?? '',
    letter.reason ?? '',
    String(letter.attempts),
    moment(letter.diedAt),
  ]);
  return drawColumns([head, ...lines], [7]);
}

export function drawSystems(systems: readonly SystemView[]): string {
  if (systems.length === 0) return 'no system ever had jobs';
  const lines = systems.map(({ system, pending, held }) => [
    system,
    String(pending),
    held?.why ?? '',
    held?.until === undefined ? '' : moment(held.until),
    [held?.who, held?.reason].filter(Boolean).join(': '),
  ]);
  return drawColumns([['system', 'waiting', 'held by', 'until', 'who'], ...lines], [1]);
}

/** One job, a line for each thing that is known of it. */
export function drawJob(view: object): string {
  const times = new Set(['queuedAt', 'firstAt', 'lastAt', 'notBefore']);
  const lines = Object.entries(view)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      const shown = times.has(name)
        ? moment(value as number)
        : typeof value === 'object'
          ? JSON.stringify(value, null, 2)
          : String(value);
      return `${name.padEnd(14)} ${shown}`;
    });
  return lines.join('\n');
}
