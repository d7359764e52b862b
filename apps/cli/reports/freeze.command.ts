import { Command, InvalidArgumentError } from 'commander';
import type { FrozenMonth } from '#lgsp/records';
import { askGateway } from '../gateway.client';
import type { Settings } from '../settings';
import { drawFrozenMonths } from './report.table';

const path = '/v1/reports/frozen-months';

/** `lgsp report freeze <month…>` */
export function freezeCommand(settings: Settings): Command {
  return new Command('freeze')
    .description('freezes months that are over, for operators: their figures change no more, and nothing undoes it')
    .argument('<months...>', '2022-06, one or several', monthArgument)
    .option('--json', 'for programs')
    .action(async (months: string[], { json }: { json?: boolean }) => {
      const frozen: FrozenMonth[] = [];
      for (const month of months) {
        const { body } = await askGateway(settings, `${path}/${month}`, { method: 'PUT', headers: access(settings) });
        frozen.push(body as FrozenMonth);
        if (!json) process.stderr.write(`${month} is frozen\n`);
      }
      process.stdout.write(json ? `${JSON.stringify(frozen, null, 2)}\n` : drawFrozenMonths(frozen));
    });
}

/** `lgsp report frozen` */
export function frozenCommand(settings: Settings): Command {
  return new Command('frozen')
    .description('the frozen months, for operators, and what the book says of them now')
    .option('--json', 'for programs')
    .action(async ({ json }: { json?: boolean }) => {
      const { body } = await askGateway(settings, path, { headers: access(settings) });
      const { months } = body as { months: FrozenMonth[] };
      process.stdout.write(json ? `${JSON.stringify(months, null, 2)}\n` : drawFrozenMonths(months));
    });
}

const access = (settings: Settings) => ({ authorization: `ApiKey ${settings.get('LGSP_OPERATOR_SECRET')}` });

function monthArgument(text: string, before: string[] = []): string[] {
  if (!/^[0-9]{4}-(0[1-9]|1[0-2])$/.test(text)) throw new InvalidArgumentError('it must be a month, yyyy-MM');
  return [...before, text];
}
