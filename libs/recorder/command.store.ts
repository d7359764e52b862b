import { KeyValueStore, type BusConnection } from '#lgsp/bus';
import type { CommandRecord } from '#lgsp/records';

/** How long the answer of a command is kept under its idempotency key, and the key is another one's to use after. */
export const commandKeptMs = 7 * 86_400_000;

/** Opens the commands by idempotency key (a key-value bucket); each gateway writes it, the ledger reads it. */
export function openCommandStore(connection: BusConnection): Promise<KeyValueStore<CommandRecord>> {
  const description = 'commands by idempotency key, with their answers';
  return KeyValueStore.open(connection, { bucket: 'COMMANDS', description, ttlMs: commandKeptMs });
}
