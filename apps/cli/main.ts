#!/usr/bin/env node
import { Command } from 'commander';
import { BusError } from '#lgsp/errors';
import { callCommand } from './call.command';
import { clientsCommand } from './clients/clients.command';
import { demoCommand } from './demo/demo.command';
import { evidenceCommand } from './evidence/evidence.command';
import { ProblemError } from './gateway.client';
import { deadCommand } from './jobs/dead.command';
import { jobsCommand } from './jobs/jobs.command';
import { servicesCommand } from './services.command';
import { Settings, UsageError } from './settings';
import { verifyCommand } from './verify/verify.command';

async function main(): Promise<void> {
  const settings = new Settings();
  await new Command('lgsp')
    .description('The integration bus of a province, from the command line')
    .addCommand(callCommand(settings))
    .addCommand(servicesCommand(settings))
    .addCommand(clientsCommand(settings))
    .addCommand(jobsCommand(settings))
    .addCommand(deadCommand(settings))
    .addCommand(evidenceCommand(settings))
    .addCommand(verifyCommand())
    .addCommand(demoCommand(settings))
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
  const why = cause instanceof Error ? ` (${(cause.cause as Error | undefined)?.message ?? cause.message})` : '';
  process.stderr.write(`lgsp: ${message}${error instanceof BusError ? '' : why}\n`);
  return error instanceof UsageError ? 2 : 1;
}

main().catch((error: unknown) => {
  process.exitCode = tell(error);
});
