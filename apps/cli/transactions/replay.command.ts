import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import type { QuestionAnswer } from '#lgsp/records';
import { askGateway } from '../gateway.client';
import { UsageError, type Settings } from '../settings';
import { idArgument } from './id.argument';

interface ReplayFlags {
  body?: string;
  officer?: string;
  language: string;
  json?: boolean;
}

const help = `
Without --body the outside system is asked what became of the command, by the key that it was sent with: nothing is sent again.
With --body it is sent again under that key, as the same transaction: bodies are not kept, so it must be the very bytes that the
caller had sent. Either way the exit code is 0 only when the transaction has ended well or, when asked, for good.`;

/** Needs the operator's secret: a client repeats its own command under its key instead. */
export function replayCommand(settings: Settings): Command {
  return new Command('replay')
    .description('runs a command whose outcome is open to its end; for operators')
    .argument('<id>', 'Lgsp-Transaction-Id of the answer', idArgument)
    .option('--body <file>', 'what the caller had sent')
    .option('--officer <account>', 'Lgsp-Officer, whom the outside system is told of')
    .option('--language <code>', 'of messages: en or vi', 'en')
    .option('--json', 'for programs')
    .addHelpText('after', help)
    .action((id: string, flags: ReplayFlags) => replay(settings, id, flags));
}

async function replay(settings: Settings, id: string, { body, officer, language, json }: ReplayFlags): Promise<void> {
  const text = body === undefined ? undefined : await readBody(body);
  const answer = await askGateway(settings, `/v1/transactions/${id}/replay`, {
    method: 'POST',
    headers: {
      authorization: `ApiKey ${settings.get('LGSP_OPERATOR_SECRET')}`,
      'accept-language': language,
      ...(officer === undefined ? {} : { 'lgsp-officer': officer }),
      ...(text === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(text === undefined ? {} : { body: text }),
  });
  const asked = text === undefined ? (answer.body as QuestionAnswer) : undefined;
  process.stdout.write(`${asked && !json ? drawAnswer(asked) : JSON.stringify(answer.body, null, 2)}\n`);
  if (asked && !asked.final) process.exitCode = 1;
}

function drawAnswer({ outcome, final, said }: QuestionAnswer): string {
  if (outcome === undefined) return `nothing new is known: ${said}`;
  return `${outcome}, ${final ? 'for good' : 'and it may still change'}: ${said}`;
}

/** The file's bytes as the text that they are, so that they are sent as the same bytes. */
async function readBody(path: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path));
  } catch (cause) {
    throw new UsageError(`${path} cannot be read as JSON in UTF-8: ${(cause as Error).message}`, { cause });
  }
}
