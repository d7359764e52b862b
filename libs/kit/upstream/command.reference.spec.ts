import { commandReference } from '..';

const command = { client: 'mot-cua', dossier: 'H24.11-261101-0001', idempotencyKey: 'k-1' };

it('is made of dossier, client and key and of nothing else', () => {
  const reference = commandReference(command);
  // SHA-256 of ["mot-cua","H24.11-261101-0001","k-1"], first ten bytes modulo 32, computed apart.
  expect(reference).toBe('H24.11-261101-0001-Y08BBKG4CM');
  expect(commandReference({ ...command })).toBe(reference);
  const others = [{ client: 'other' }, { dossier: 'H24.11-261101-0002' }, { idempotencyKey: 'k-2' }];
  for (const other of others) {
    expect(commandReference({ ...command, ...other }).slice(-10)).not.toBe(reference.slice(-10));
  }
});

it('cannot be made without a dossier or a key', () => {
  expect(() => commandReference({ ...command, dossier: '' })).toThrow(
    expect.objectContaining({ code: 'missing-context' }),
  );
  expect(() => commandReference({ ...command, idempotencyKey: undefined })).toThrow(
    expect.objectContaining({ code: 'idempotency-key-required' }),
  );
});
