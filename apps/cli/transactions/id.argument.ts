import { InvalidArgumentError } from 'commander';
import { isTransactionId } from '#lgsp/records';

/** The id of a transaction as an argument of a command, in either case. */
export function idArgument(text: string): string {
  const id = text.toLowerCase();
  if (!isTransactionId(id)) throw new InvalidArgumentError('it must be the id of a transaction, a UUID of version 7');
  return id;
}
