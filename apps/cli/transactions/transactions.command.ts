import { Command } from 'commander';
import type { Settings } from '../settings';
import { findCommand } from './find.command';
import { receiptCommand } from './receipt.command';
import { replayCommand } from './replay.command';
import { showCommand } from './show.command';

/** `lgsp transactions`: through the gateway, as the operator where one is set, else as the client, which sees its own. */
export function transactionsCommand(settings: Settings): Command {
  return new Command('transactions')
    .description('what became of calls: looks for them, shows one, saves its receipt, runs an open one to its end')
    .addCommand(findCommand(settings))
    .addCommand(showCommand(settings))
    .addCommand(receiptCommand(settings))
    .addCommand(replayCommand(settings));
}
