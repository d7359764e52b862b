import { circuitIn, isSameTrouble, stateOf, type InstanceState } from './connection.state';

it.each<[string, InstanceState[], object]>([
  ['nobody', [], { status: 'down', reason: 'no-instance' }],
  ['one that tells nothing of itself', [{ version: '1.0.0' }], { status: 'up' }],
  ['one that is well', [{ version: '1.0.0', circuit: 'closed' }], { status: 'up', circuit: 'closed' }],
  [
    'two, of which one holds calls back',
    [
      { version: '1.0.0', circuit: 'closed' },
      { version: '1.0.0', circuit: 'open' },
    ],
    { status: 'degraded', reason: 'circuit-open', circuit: 'open' },
  ],
  [
    'one that tries again',
    [{ version: '1.0.0', circuit: 'half-open' }],
    { status: 'degraded', reason: 'circuit-half-open', circuit: 'half-open' },
  ],
  ['two versions', [{ version: '1.0.0' }, { version: '1.1.0' }], { status: 'degraded', reason: 'versions-differ' }],
])('a connection with %s', (_name, instances, state) => {
  expect(stateOf(instances)).toEqual(state);
});

it('a circuit that is tried in between has been open since it opened', () => {
  const [closed, open, trying] = (['closed', 'open', 'half-open'] as const).map((circuit) =>
    stateOf([{ version: '1.0.0', circuit }]),
  );
  expect(isSameTrouble(open!, trying!)).toBe(true);
  expect(isSameTrouble(open!, closed!)).toBe(false);
  expect(isSameTrouble(open!, stateOf([]))).toBe(false);
  expect(isSameTrouble(stateOf([{ version: '1.0.0' }]), closed!)).toBe(true);
});

it.each([
  [[{ circuit: 'closed' }, { circuit: 'open' }], 'open'],
  [[{ circuit: 'ajar' }, { circuit: 2 }, null, undefined, 'open', 7], undefined],
  [[], undefined],
])('%j tells of the circuit %s', (data, circuit) => {
  expect(circuitIn(data)).toBe(circuit);
});
