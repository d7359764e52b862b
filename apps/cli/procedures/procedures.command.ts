import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { procedureStates, procedureSubjects, type ProcedurePage, type ProcedureView } from '#lgsp/procedures';
import { operator, withProcess, type AskCourier } from '../jobs/courier.access';
import { setOption } from '../jobs/dead.command';
import { write } from '../jobs/show.job';
import type { Settings } from '../settings';
import { drawProcedure, drawProcedures } from './procedure.drawing';

interface ListOptions {
  state?: string;
  client?: string;
  limit: number;
  json?: boolean;
}

interface ResumeOptions {
  input?: string;
  set: Record<string, unknown>;
  json?: boolean;
}

/** `lgsp procedures`: linked procedures. Needs the operator's credentials of NATS, and the process that runs them. */
export function proceduresCommand(settings: Settings): Command {
  const procedures = new Command('procedures').description(
    'linked procedures: look, go on at the step that failed, give up; each act is in the audit',
  );
  const within = <T>(work: (ask: AskCourier) => Promise<T>): Promise<T> =>
    withProcess(settings, 'linked-procedures', work);
  addLooking(procedures, within);
  addActing(procedures, within);
  return procedures;
}

type Within = <T>(work: (ask: AskCourier) => Promise<T>) => Promise<T>;

function addLooking(procedures: Command, within: Within): void {
  procedures
    .command('list')
    .description('the oldest first')
    .addOption(new Option('--state <state>', 'only those that are so').choices(procedureStates))
    .option('--client <client>', 'only those of it')
    .option('--limit <count>', 'most that are listed, 1 to 1000', Number, 50)
    .option('--json', 'for programs')
    .action(({ json, ...search }: ListOptions) =>
      within(async (ask) => {
        const page = await ask<ProcedurePage>(procedureSubjects.list, search);
        write(json ? JSON.stringify(page, null, 2) : drawProcedures(page.procedures));
        const more = page.total - page.procedures.length;
        if (!json && more > 0) process.stderr.write(`there are ${more} more: --limit\n`);
      }),
    );
  procedures
    .command('show <which>')
    .description('one, step by step: by its id, or by either code of its dossier')
    .option('--json', 'for programs')
    .action((which: string, { json }: { json?: boolean }) =>
      within(async (ask) => {
        const views = await ask<ProcedureView[]>(procedureSubjects.show, { which });
        write(json ? JSON.stringify(views, null, 2) : views.map(drawProcedure).join('\n\n'));
      }),
    );
}

function addActing(procedures: Command, within: Within): void {
  const act = (subject: string, order: object, json?: boolean): Promise<void> =>
    within(async (ask) => {
      const view = await ask<ProcedureView>(subject, order);
      write(json ? JSON.stringify(view, null, 2) : drawProcedure(view));
    });
  procedures
    .command('resume <id>')
    .description('goes on at the step that failed; what may have taken effect is asked about first')
    .option('--input <file>', 'JSON: the whole input')
    .option('--set <pointer=json...>', 'single values: /card/clinicCode="31016"; null takes one out', setOption, {})
    .option('--json', 'for programs')
    .action((id: string, { input, set, json }: ResumeOptions) => {
      const whole = input === undefined ? undefined : (JSON.parse(readFileSync(input, 'utf8')) as object);
      const single = Object.keys(set).length > 0 ? { set } : {};
      return act(procedureSubjects.resume, { id, who: operator(), ...(whole ? { input: whole } : single) }, json);
    });
  procedures
    .command('give-up <id>')
    .description('undoes what can be undone, and tries no more')
    .requiredOption('--reason <words>', 'why, for the audit')
    .option('--json', 'for programs')
    .action((id: string, { reason, json }: { reason: string; json?: boolean }) =>
      act(procedureSubjects.giveUp, { id, who: operator(), reason }, json),
    );
}
