import { Controller, Inject, type Type } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import type { BusContext, EndpointExtras } from '#lgsp/bus/server';
import { kebabCase, type ConnectorDefinition, type Operation } from './definition';
import { describeEndpoint, subjectOf } from './endpoint';
import type { UpstreamRuntime } from './upstream/upstream.runtime';
import { Pipeline, type FindOutcome, type Perform } from './pipeline';

type Handler = (this: Record<string, Pipeline>, body: Uint8Array, context: BusContext) => Promise<Uint8Array>;

/**
 * Makes the Nest controller of a connector from its definition: one message handler per operation, and one per command
 * that answers what became of it (`<operation>.outcome`).
 */
export function connectorController(
  definition: ConnectorDefinition,
  adapter: Type<object>,
  runtime: UpstreamRuntime,
): Type<object> {
  class ConnectorController {
    /** @throws Error naming every method that the adapter lacks */
    constructor(instance: object) {
      Object.assign(this, pipelinesOf(definition, instance, runtime));
    }
  }
  Controller()(ConnectorController);
  Inject(adapter)(ConnectorController, undefined, 0);
  for (const [verb, operation] of Object.entries(definition.operations)) {
    const subject = subjectOf(definition, verb);
    addHandler(
      ConnectorController,
      subject,
      describeEndpoint(verb, definition.version, operation),
      function (body, context) {
        return this[verb]!.run(body, context);
      },
    );
    if (operation.kind === 'query') continue;
    addHandler(ConnectorController, `${subject}.outcome`, describeOutcome(verb, operation), function (body, context) {
      return this[verb]!.runOutcome(body, context);
    });
  }
  return ConnectorController;
}

function pipelinesOf(
  definition: ConnectorDefinition,
  adapter: object,
  { log, metrics }: UpstreamRuntime,
): Record<string, Pipeline> {
  const missing: string[] = [];
  const method = (name: string): unknown => {
    const found = (adapter as Record<string, unknown>)[name];
    if (typeof found !== 'function') missing.push(name);
    return typeof found === 'function' ? found.bind(adapter) : undefined;
  };
  const pipelines = Object.entries(definition.operations).map(([verb, operation]) => {
    const perform = method(verb) as Perform;
    const findOutcome = operation.kind === 'command' ? (method(`${verb}Outcome`) as FindOutcome) : undefined;
    return [
      verb,
      new Pipeline({ system: definition.name, verb, operation, log, metrics, perform, findOutcome }),
    ] as const;
  });
  if (missing.length > 0) throw new Error(`connector ${definition.name}: the adapter lacks ${missing.join(', ')}`);
  return Object.fromEntries(pipelines);
}

function describeOutcome(verb: string, { timeoutMs }: Operation): EndpointExtras {
  const summary = 'What became of the command with this idempotency key';
  return {
    endpointName: `${kebabCase(verb)}-outcome`,
    metadata: { kind: 'query', summary, timeoutMs: String(timeoutMs) },
  };
}

/** The same as writing `@MessagePattern(subject) method(@Payload() body, @Ctx() context)` in a class by hand. */
function addHandler(controller: Type<object>, subject: string, extras: EndpointExtras, handler: Handler): void {
  const prototype = controller.prototype as Record<string, Handler>;
  const name = `handle ${subject}`;
  prototype[name] = handler;
  Payload()(prototype, name, 0);
  Ctx()(prototype, name, 1);
  MessagePattern(subject, { ...extras })(prototype, name, Object.getOwnPropertyDescriptor(prototype, name)!);
}
