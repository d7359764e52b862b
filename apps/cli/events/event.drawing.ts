import type { EventView } from '#lgsp/events';

/** One event as one line: when, what, of which operation and dossier, and what its type tells beside. */
export function drawEvent({ time, type, client, system, operation, dossier, transactionId, data }: EventView): string {
  const told = Object.entries(data).map(([name, value]) => `${name}=${String(value)}`);
  const words = [
    time.slice(0, 19).replace('T', ' '),
    type.padEnd(21),
    client,
    operation ? `${system}.${operation}` : system,
  ];
  return [...words, dossier ?? '–', transactionId ?? '–', ...told].join('  ');
}
