import { circuitIn, isSameTrouble, stateOf, type InstanceState } from './connection.state';
import type { OperationEntry } from './service.description';

/** An instance of a connector that offers one operation. */
function instance(
  version: string,
  circuit?: InstanceState['circuit'],
  subject = 'lgsp.land.v1.get-parcel',
): InstanceState {
  return {
    entry: { system: 'land', version, operations: [{ subject } as OperationEntry] } as InstanceState['entry'],
    circuit,
  };
}

it.each<[string, InstanceState[], object]>([
  ['nobody', [], { status: 'down', reason: 'no-instance' }],
  ['one that tells nothing of itself', [instance('1.0.0')], { status: 'up' }],
  ['one that is well', [instance('1.0.0', 'closed')], { status: 'up', circuit: 'closed' }],
  [
    'two, of which one holds calls back',
    [instance('1.0.0', 'closed'), instance('1.0.0', 'open')],
    { status: 'degraded', reason: 'circuit-open', circuit: 'open' },
  ],
  [
    'one that tries again',
    [instance('1.0.0', 'half-open')],
    { status: 'degraded', reason: 'circuit-half-open', circuit: 'half-open' },
  ],
  [
    'two versions of one operation',
    [instance('1.0.0'), instance('1.1.0')],
    { status: 'degraded', reason: 'versions-differ' },
  ],
  [
    'two versions of which each offers its own operations',
    [instance('1.0.0'), instance('2.0.0', undefined, 'lgsp.land.v2.get-parcel')],
    { status: 'up' },
  ],
])('a connection with %s', (_name, instances, state) => {
  expect(stateOf(instances)).toEqual(state);
});

it('a circuit that is tried in between has been open since it opened', () => {
  const [closed, open, trying] = (['closed', 'open', 'half-open'] as const).map((circuit) =>
    stateOf([instance('1.0.0', circuit)]),
  );
  expect(isSameTrouble(open!, trying!)).toBe(true);
  expect(isSameTrouble(open!, closed!)).toBe(false);
  expect(isSameTrouble(open!, stateOf([]))).toBe(false);
  expect(isSameTrouble(stateOf([instance('1.0.0')]), closed!)).toBe(true);
});

it.each([
  [[{ circuit: 'closed' }, { circuit: 'open' }], 'open'],
  [[{ circuit: 'ajar' }, { circuit: 2 }, null, undefined, 'open', 7], undefined],
  [[], undefined],
])('%j tells of the circuit %s', (data, circuit) => {
  expect(circuitIn(data)).toBe(circuit);
});
