import { isNetwork, mayCallFrom, type ClientRecord } from '.';

const client = (networks?: string[]): ClientRecord => ({
  id: 'ward',
  name: 'Ward',
  agencies: ['H24.11'],
  environment: 'production',
  role: 'caller',
  secrets: [],
  grants: ['*'],
  state: 'active',
  networks,
  createdAt: '2026-11-24T00:00:00Z',
});

it.each<[string[] | undefined, string | undefined, boolean]>([
  [undefined, '203.0.113.9', true],
  [undefined, undefined, true],
  [[], '203.0.113.9', true],
  [['10.20.0.0/16'], '10.20.255.1', true],
  [['10.20.0.0/16'], '10.21.0.1', false],
  [['10.20.0.0/16', '192.0.2.7'], '192.0.2.7', true],
  [['192.0.2.7'], '192.0.2.8', false],
  [['10.20.0.0/16'], undefined, false],
  [['10.20.0.0/16'], 'unknown', false],
  [['10.20.0.0/16'], '10.20.0.1, 10.20.0.2', false],
  [['10.20.0.0/16'], '2001:db8::1', false],
  [['2001:db8::/32'], '2001:db8:ffff::1', true],
  [['2001:db8::/32'], '2001:db9::1', false],
  [['0.0.0.0/0'], '203.0.113.9', true],
])('networks %j, address %s: %s', (networks, address, may) => {
  expect(mayCallFrom(client(networks), address)).toBe(may);
});

it('a changed client is judged by its new networks', () => {
  const before = client(['10.0.0.0/8']);
  expect(mayCallFrom(before, '10.1.1.1')).toBe(true);
  expect(mayCallFrom({ ...before, networks: ['192.0.2.0/24'] }, '10.1.1.1')).toBe(false);
});

it.each(['10.0.0.0/33', '10.0.0/8', '::/129', 'fe80::1%eth0', '10.0.0.0/8/8', '10.0.0.0/', '10.0.0.0/-1', 'ward', ''])(
  '"%s" is no network',
  (text) => {
    expect(isNetwork(text)).toBe(false);
  },
);
