#!/usr/bin/env node
import { Command } from 'commander';
import { BusError } from '#lgsp/errors';
import { callCommand } from './call.command';
import { checkCommand } from './check/check.command';
import { clientsCommand } from './clients/clients.command';
import { demoCommand } from './demo/demo.command';
import { eventsCommand } from './events/events.command';
import { evidenceCommand } from './evidence/evidence.command';
import { ProblemError } from './gateway.client';
import { deadCommand } from './jobs/dead.command';
import { jobsCommand } from './jobs/jobs.command';
import { newCommand } from './new/new.command';
import { proceduresCommand } from './procedures/procedures.command';
import { reconcileCommand } from './reconcile/reconcile.command';
import { reportCommand } from './reports/report.command';
import { servicesCommand } from './services.command';
import { Settings, UsageError } from './settings';
import { topCommand } from './top/top.command';
import { transactionsCommand } from './transactions/transactions.command';
import { verifyCommand } from './verify/verify.command';

async function main(): Promise<void> {
  const settings = new Settings();
  await new Command('lgsp')
    .description('The integration bus of a province, from the command line')
    // An option after the name of a command is that command's, also where the one above has one of the same name.
    .enablePositionalOptions()
    .addCommand(callCommand(settings))
    .addCommand(servicesCommand(settings))
    .addCommand(topCommand(settings))
    .addCommand(clientsCommand(settings))
    .addCommand(jobsCommand(settings))
    .addCommand(deadCommand(settings))
    .addCommand(proceduresCommand(settings))
    .addCommand(eventsCommand(settings))
    .addCommand(transactionsCommand(settings))
    .addCommand(reportCommand(settings))
    .addCommand(evidenceCommand(settings))
    .addCommand(verifyCommand())
    .addCommand(reconcileCommand(settings))
    .addCommand(checkCommand(settings))
    .addCommand(demoCommand(settings))
    .addCommand(newCommand())
    .showHelpAfterError('(add --help for what it takes)')
    .parseAsync();
}

/** A failure as a person reads it; the exit code is 2 when the command itself was wrong, else 1. */
function tell(error: unknown): number {
  if (error instanceof ProblemError) {
    const { code, status, title, detail, fault, retry, errors = [], upstream, transactionId } = error.problem;
    const lines = [
      `${code} (${status}): ${title}${detail ? ` — ${detail}` : ''}`,
      ...errors.map(({ path, message }) => `  ${path || '(the body)'} ${message}`),
      ...(upstream ? [`  the outside system said: ${upstream.code} ${upstream.message ?? ''}`] : []),
      `  fault: ${fault}; try again: ${retry}${transactionId ? `; transaction ${transactionId}` : ''}`,
    ];
    process.stderr.write(`${lines.join('\n')}\n`);
    return 1;
  }
  const { message, cause } = error as Error;
  const reason = cause instanceof Error ? ((cause.cause as Error | undefined)?.message ?? cause.message) : '';
  const why = error instanceof BusError || message.includes(reason) ? '' : ` (${reason})`;
  const fields = error instanceof BusError ? (error.errors ?? []) : [];
  const lines = [
    `lgsp: ${message}${why}`,
    ...fields.map(({ path, message }) => `  ${path || '(the body)'} ${message}`),
  ];
  process.stderr.write(`${lines.join('\n')}\n`);
  return error instanceof UsageError ? 2 : 1;
}

main().catch((error: unknown) => {
  process.exitCode = tell(error);
});
