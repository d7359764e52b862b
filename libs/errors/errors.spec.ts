import fc from 'fast-check';
import { BusError, errorCodes, errorTable, fieldErrorsMax, fromProblem, languageOf, toProblem } from '.';

describe('the error table', () => {
  it.each(errorCodes)('%s has a status, a fault and a title in both languages', (code) => {
    const { status, title, fault, retry, outcome } = errorTable[code];
    expect(status).toBeGreaterThanOrEqual(400);
    expect(title.en).not.toBe(title.vi);
    expect(title.vi).toMatch(/[À-ỹ]/);
    expect({ fault, retry, outcome }).toEqual({
      fault: expect.any(String),
      retry: expect.any(String),
      outcome: expect.any(String),
    });
  });

  it('never blames the caller for a 5xx', () => {
    const wrong = errorCodes.filter(
      (code) => errorTable[code].status >= 500 && (errorTable[code].fault as string) === 'caller',
    );
    expect(wrong).toEqual([]);
  });
});

describe('a problem', () => {
  const error = new BusError('upstream-rejected', {
    detail: { en: 'the dossier is closed', vi: 'hồ sơ đã đóng' },
    errors: [{ path: '/child/birthDate', rule: 'upstream-field', message: 'too late' }],
    upstream: { code: '302', message: 'DATA_TYPE_INVALID' },
    retryAfterMs: 1_500,
    cause: new Error('goes to the log'),
  });

  it('tells code, fault, retry, fields and what the upstream said, in the language asked for', () => {
    expect(toProblem(error, 'vi', 'tx-1')).toEqual({
      type: 'urn:lgsp:error:upstream-rejected',
      title: 'Hệ thống nguồn từ chối yêu cầu',
      status: 422,
      detail: 'hồ sơ đã đóng',
      code: 'upstream-rejected',
      transactionId: 'tx-1',
      fault: 'upstream',
      retry: 'never',
      retryAfterMs: 1_500,
      errors: [{ path: '/child/birthDate', rule: 'upstream-field', message: 'too late' }],
      upstream: { code: '302', message: 'DATA_TYPE_INVALID' },
    });
  });

  it('never tells the cause', () => {
    expect(JSON.stringify(toProblem(error))).not.toContain('goes to the log');
  });

  it('comes back from the wire as the error that it was', () => {
    const problem = JSON.parse(JSON.stringify(toProblem(error))) as unknown;
    const { code, errors, upstream, retryAfterMs } = fromProblem('upstream-rejected', problem);
    expect({ code, errors, upstream, retryAfterMs }).toEqual({
      code: error.code,
      errors: error.errors,
      upstream: error.upstream,
      retryAfterMs: 1_500,
    });
  });

  it('with a code that the table does not hold is a fault of the bus', () => {
    expect(fromProblem('went-wrong', {}).code).toBe('internal');
    expect(fromProblem('toString', {}).code).toBe('internal');
  });

  it('survives any body', () => {
    fc.assert(fc.property(fc.jsonValue(), (body) => fromProblem('not-found', body).code === 'not-found'));
  });

  it.each([
    ['a pause that is none', { retryAfterMs: -5 }, {}],
    ['an endless pause', { retryAfterMs: 1e15 }, { retryAfterMs: 86_400_000 }],
    ['fields that are none', { errors: [{ path: 1 }, null, 'x'] }, { errors: [] }],
    ['words of nobody', { upstream: { code: 7 } }, {}],
  ])('does not carry on %s', (_what, said, told) => {
    const { errors, upstream, retryAfterMs } = fromProblem('upstream-rejected', said);
    expect(JSON.parse(JSON.stringify({ errors, upstream, retryAfterMs }))).toEqual(told);
  });

  it('lists a bounded number of fields', () => {
    const errors = Array.from({ length: 1_000 }, (_, index) => ({ path: `/${index}`, rule: 'x', message: 'x' }));
    expect(toProblem(new BusError('invalid-request', { errors })).errors).toHaveLength(fieldErrorsMax);
  });
});

describe('languageOf', () => {
  it.each([
    [undefined, 'en'],
    ['vi', 'vi'],
    ['vi-VN,vi;q=0.9,en;q=0.8', 'vi'],
    ['en-US,en;q=0.9,vi;q=0.8', 'en'],
    ['fr, vi;q=0.5', 'vi'],
    ['vi;q=0', 'en'],
    ['vi;q=oops', 'en'],
  ])('%s → %s', (header, language) => {
    expect(languageOf(header)).toBe(language);
  });
});
