import { readClientEntry } from '.';

const faultsOf = (value: unknown): string[] => {
  const read = readClientEntry(value);
  return 'faults' in read ? read.faults.map(({ path, says }) => `${path.join('.')} ${says}`) : [];
};

it('fills in what may be left out, and drops what is there twice', () => {
  const read = readClientEntry({ id: 'one-stop', agencies: ['H24.11', 'H24.11'], grants: ['payment.*', 'payment.*'] });
  expect(read).toEqual({
    entry: {
      id: 'one-stop',
      name: 'one-stop',
      agencies: ['H24.11'],
      environment: 'production',
      role: 'caller',
      grants: ['payment.*'],
      networks: undefined,
      limits: undefined,
    },
  });
});

it('names every fault at once, where it is', () => {
  const faults = faultsOf({
    id: 'UPPER',
    name: ' ',
    agencies: [],
    environment: 'test',
    role: 'admin',
    grants: ['payment', 'payment.*', 5],
    networks: ['10.0.0.0/40'],
    limits: { perSecond: 0, perHour: 5, perDay: '100' },
    secret: 'x',
  });
  expect(faults).toEqual([
    'secret is no field of a client; there are id, name, agencies, environment, role, grants, networks, limits',
    'id must be 3 to 40 of a-z, 0-9 and -, beginning with a letter, not "UPPER"',
    'name must be 1 to 200 characters in one line, not " "',
    'agencies must not be empty',
    'environment must be production or sandbox, not "test"',
    'role must be caller or operator, not "admin"',
    'grants.0 must be <system>.<operation>, <system>.* or *, not "payment"',
    'grants.2 must be <system>.<operation>, <system>.* or *, not 5',
    'networks.0 must be a network such as 10.20.0.0/16, or an address, not "10.0.0.0/40"',
    'limits.perSecond must be a whole number above 0, not 0',
    'limits.perHour is no limit; there are perSecond, burst, perSecondAtSystem, perDay, perMonth',
    'limits.perDay must be a whole number above 0, not "100"',
  ]);
});

it.each([null, 'one-stop', 5, []])('%j is no client', (value) => {
  expect(faultsOf(value)).toHaveLength(1);
});

it('names what is missing, and shows no long text, which may be a secret in the wrong place', () => {
  const secret = `one-stop.${'x'.repeat(43)}`;
  const faults = faultsOf({ id: secret, toString: 'x' });
  expect(faults).toEqual([
    expect.stringContaining('toString is no field'),
    'id must be 3 to 40 of a-z, 0-9 and -, beginning with a letter, not a text of 52 characters',
    'agencies is required',
    'grants is required',
  ]);
  expect(faults.join()).not.toContain(secret);
});
