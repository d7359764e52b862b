import fastify, { type FastifyInstance } from 'fastify';
import { faultKinds, type Fault } from './faults';
import type { Population } from './people/population';
import type { SandboxClock } from './sandbox.clock';
import type { StandIn } from './stand-in';

const peoplePageMax = 1_000;

/**
 * The control API of the sandbox: what listens where, faults to order, effects that happened, people, and time.
 * It is not part of any outside system.
 */
export function controlServer(
  standIns: ReadonlyMap<string, StandIn>,
  people: Population,
  clock: SandboxClock,
): FastifyInstance {
  const app = fastify({ logger: false });
  app.get('/upstreams', () => upstreamsOf(standIns));
  app.get('/faults', () =>
    Object.fromEntries([...standIns].map(([system, standIn]) => [system, standIn.fault ?? null])),
  );
  app.put<{ Params: { system: string }; Body: Fault }>(
    '/faults/:system',
    { schema: { body: faultSchema } },
    async (request, reply) => {
      const standIn = standIns.get(request.params.system);
      if (!standIn) return reply.code(404).send(unknownSystem(standIns));
      await standIn.setFault(request.body);
      return { [request.params.system]: standIn.fault };
    },
  );
  app.delete<{ Params: { system: string } }>('/faults/:system', async (request, reply) => {
    const standIn = standIns.get(request.params.system);
    if (!standIn) return reply.code(404).send(unknownSystem(standIns));
    await standIn.setFault(undefined);
    return { [request.params.system]: null };
  });
  app.delete('/faults', async () => {
    for (const standIn of standIns.values()) await standIn.setFault(undefined);
    return {};
  });
  app.get<{ Params: { system: string }; Querystring: { key?: string } }>('/effects/:system', (request, reply) => {
    const standIn = standIns.get(request.params.system);
    if (!standIn) return reply.code(404).send(unknownSystem(standIns));
    const { key } = request.query;
    return reply.send(standIn.effects.list().filter((effect) => key === undefined || effect.key === key));
  });
  app.post<{ Params: { system: string } }>('/citizens/:system', async (request, reply) => {
    const handed = await standIns.get(request.params.system)?.handIn();
    return (
      handed ?? reply.code(404).send({ error: 'nothing is handed in there, or LGSP_SANDBOX_CALLBACK_URL is not set' })
    );
  });
  app.get<{ Querystring: { offset?: number; limit?: number } }>(
    '/people',
    { schema: { querystring: pageSchema } },
    (request) => {
      const { offset = 0, limit = 100 } = request.query;
      return people.people.slice(offset, offset + limit);
    },
  );
  app.post<{ Body: { advanceMs: number } }>('/clock', { schema: { body: clockSchema } }, (request) => {
    clock.advance(request.body.advanceMs);
    return { now: new Date(clock.now()).toISOString(), stepMs: clock.stepMs };
  });
  return app;
}

/** Where each outside system listens, and what its connector must be told. */
export function upstreamsOf(
  standIns: ReadonlyMap<string, StandIn>,
): Record<string, { baseUrl: string; env: Record<string, string> }> {
  return Object.fromEntries([...standIns].map(([system, { baseUrl, env }]) => [system, { baseUrl, env }]));
}

const unknownSystem = (standIns: ReadonlyMap<string, StandIn>): object => ({
  error: `there is no such system; there are: ${[...standIns.keys()].join(', ')}`,
});

const faultSchema = {
  type: 'object',
  required: ['kind'],
  additionalProperties: false,
  properties: {
    kind: { enum: faultKinds },
    delayMs: { type: 'integer', minimum: 1, maximum: 120_000 },
    times: { type: 'integer', minimum: 1 },
    probability: { type: 'number', minimum: 0, maximum: 1 },
    path: { type: 'string', maxLength: 200 },
  },
} as const;

const pageSchema = {
  type: 'object',
  properties: {
    offset: { type: 'integer', minimum: 0 },
    limit: { type: 'integer', minimum: 1, maximum: peoplePageMax },
  },
} as const;

const clockSchema = {
  type: 'object',
  required: ['advanceMs'],
  properties: { advanceMs: { type: 'integer', minimum: 0, maximum: 31_536_000_000 } },
} as const;
