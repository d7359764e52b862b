import { randomBytes } from 'node:crypto';
import { Population } from './people/population';
import { SandboxClock } from './sandbox.clock';
import { StandIn, type StandInDefinition, type StandInOptions } from './stand-in';

/** Starts one stand-in on a free port, with a small population: for a connector's own tests. */
export function startStandIn(definition: StandInDefinition, options: Partial<StandInOptions> = {}): Promise<StandIn> {
  const defaults = {
    people: new Population(31, 500),
    clock: new SandboxClock(20_000),
    secret: randomBytes(16).toString('hex'),
  };
  return new StandIn(definition, { ...defaults, ...options }).start();
}
