import { BusError } from '#lgsp/errors';
import { createLogger, maskBody, maskText, Metrics, metricTable } from '.';

describe('maskBody', () => {
  const body = {
    identityNumber: '031190000016',
    fullName: 'Nguyễn Thị Mẫu',
    birthDate: '1990-02-14',
    amount: 50_000,
    paid: true,
  };

  it('keeps shapes of personal data, not the data', () => {
    expect(maskBody('personal', body)).toEqual({
      identityNumber: '***016',
      fullName: 'N* T* M*',
      birthDate: '1990-**',
      amount: 0,
      paid: true,
    });
  });

  it('drops confidential bodies and shows public ones', () => {
    expect(maskBody('confidential', body)).toBe('[dropped]');
    expect(maskBody('public', body)).toBe(body);
  });

  it('shows of a file only its size, and nothing of a short number', () => {
    expect(maskText('A'.repeat(4_000))).toBe('[4000 bytes]');
    expect(maskText('12345')).toBe('***');
  });

  it('is bounded in depth', () => {
    let deep: unknown = 'end';
    for (let level = 0; level < 1_000; level++) deep = { deep };
    expect(JSON.stringify(maskBody('personal', deep)).length).toBeLessThan(200);
  });
});

describe('createLogger', () => {
  const linesOf = (write: (log: ReturnType<typeof createLogger>) => void): Record<string, unknown>[] => {
    const lines: string[] = [];
    write(createLogger({ app: 'test', level: 'debug', destination: { write: (line) => void lines.push(line) } }));
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  };

  it('replaces secrets wherever they stand', () => {
    const [line] = linesOf((log) =>
      log.info({ authorization: 'Bearer abc', upstream: { MaXacThuc: 'abc', headers: { apikey: 'abc' } } }, 'x'),
    );
    expect(JSON.stringify(line)).not.toContain('abc');
  });

  it('tells the chain of causes, and the stack only of faults of our own', () => {
    const cause = Object.assign(new Error('connect refused'), { code: 'ECONNREFUSED' });
    const [ours, theirs] = linesOf((log) => {
      log.error({ err: new BusError('internal', { cause }) }, 'x');
      log.error({ err: new BusError('upstream-unreachable', { cause }) }, 'x');
    });
    expect(ours).toMatchObject({
      err: { code: 'internal', stack: expect.any(String), cause: { code: 'ECONNREFUSED' } },
    });
    expect((theirs!['err'] as { stack?: string }).stack).toBeUndefined();
  });
});

describe('metrics', () => {
  it('serves what was counted, and nothing else than /metrics', async () => {
    const metrics = new Metrics();
    metrics.counter('lgsp_refusals_total', { client: 'none', code: 'unauthenticated' }).inc(3);
    const server = await metrics.serve(0, '127.0.0.1');
    const url = `http://127.0.0.1:${server.port}`;
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text).toContain('lgsp_refusals_total{client="none",code="unauthenticated"} 3');
    expect((await fetch(`${url}/`)).status).toBe(404);
    await server.close();
  });

  it.each(Object.entries(metricTable))('%s has a help text and bounded labels', (name, { help, labels }) => {
    expect(name).toMatch(/^lgsp_[a-z_]+$/);
    expect(help.length).toBeGreaterThan(20);
    for (const label of labels)
      expect(['system', 'operation', 'status', 'client', 'code', 'result', 'outcome']).toContain(label);
  });
});
