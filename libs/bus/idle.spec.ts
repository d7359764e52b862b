import { idle } from './idle';

it('waits for so long', async () => {
  const startedAt = performance.now();
  await idle(50, new AbortController().signal);
  expect(performance.now() - startedAt).toBeGreaterThan(40);
});

it('ends when the signal aborts, also when it has aborted before', async () => {
  const ending = new AbortController();
  const waiting = idle(60_000, ending.signal);
  ending.abort();
  await waiting;
  await idle(60_000, ending.signal);
});

it('hides no other failure', async () => {
  await expect(idle(10, {} as AbortSignal)).rejects.toThrow('signal');
});
