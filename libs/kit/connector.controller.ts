import { Controller, Inject, type Type } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import type { BusContext, EndpointExtras } from '#lgsp/bus/server';
import { acknowledgeSuffix, feedSuffix, progressSuffix } from '#lgsp/progress';
import { kebabCase, type ConnectorDefinition, type Operation } from './definition';
import { describeEndpoint, describeFeed, describeProgress, feedSubjectOf, subjectOf } from './endpoint';
import { FeedPipeline, ProgressPipeline, type FindProgress, type ReadFeed } from './following.pipeline';
import type { UpstreamRuntime } from './upstream/upstream.runtime';
import { Pipeline, type FindOutcome, type Perform } from './pipeline';

/** The ways of a connector's calls. */
interface Pipelines {
  operations: Record<string, Pipeline>;
  progress: Record<string, ProgressPipeline>;
  feeds: Record<string, FeedPipeline>;
}

type Handler = (this: Pipelines, body: Uint8Array, context: BusContext) => Promise<Uint8Array>;

/**
 * Makes the Nest controller of a connector from its definition: one message handler per operation; per command one that
 * answers what became of it (`<operation>.outcome`), and where it is followed one that answers how it fares (`<operation>.progress`);
 * per list of changes one that reads it (`<list>.feed`) and one that acknowledges it (`<list>.acknowledge`).
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
        return this.operations[verb]!.run(body, context);
      },
    );
    if (operation.kind === 'query') continue;
    addHandler(ConnectorController, `${subject}.outcome`, describeOutcome(verb, operation), function (body, context) {
      return this.operations[verb]!.runOutcome(body, context);
    });
    if (!operation.follow) continue;
    const extras = describeProgress(verb, operation);
    addHandler(ConnectorController, `${subject}${progressSuffix}`, extras, function (body, context) {
      return this.progress[verb]!.run(body, context);
    });
  }
  for (const [name, feed] of Object.entries(definition.feeds ?? {})) {
    const [subject, extras] = [feedSubjectOf(definition, name), describeFeed(name, feed)];
    addHandler(ConnectorController, `${subject}${feedSuffix}`, extras.read, function (body, context) {
      return this.feeds[name]!.read(body, context);
    });
    addHandler(ConnectorController, `${subject}${acknowledgeSuffix}`, extras.acknowledge, function (body, context) {
      return this.feeds[name]!.acknowledge(body, context);
    });
  }
  return ConnectorController;
}

function pipelinesOf(definition: ConnectorDefinition, adapter: object, runtime: UpstreamRuntime): Pipelines {
  const { log, metrics } = runtime;
  const missing: string[] = [];
  const method = (name: string): unknown => {
    const found = (adapter as Record<string, unknown>)[name];
    if (typeof found !== 'function') missing.push(name);
    return typeof found === 'function' ? found.bind(adapter) : undefined;
  };
  const pipelines: Pipelines = { operations: {}, progress: {}, feeds: {} };
  const common = { system: definition.name, log, metrics };
  for (const [verb, operation] of Object.entries(definition.operations)) {
    const perform = method(verb) as Perform;
    const findOutcome = operation.kind === 'command' ? (method(`${verb}Outcome`) as FindOutcome) : undefined;
    pipelines.operations[verb] = new Pipeline({ ...common, verb, operation, perform, findOutcome });
    if (operation.kind === 'query' || !operation.follow) continue;
    const parts = { ...common, verb: `${verb}Progress`, timeoutMs: operation.timeoutMs };
    const findProgress = method(`${verb}Progress`) as FindProgress;
    pipelines.progress[verb] = new ProgressPipeline(parts, operation.follow, findProgress);
  }
  for (const [name, feed] of Object.entries(definition.feeds ?? {})) {
    const [read, acknowledge] = [method(`${name}Feed`), method(`${name}Acknowledge`)];
    const parts = { ...common, verb: `${name}Feed`, timeoutMs: feed.timeoutMs };
    pipelines.feeds[name] = new FeedPipeline(parts, feed, { read, acknowledge } as ReadFeed);
  }
  if (missing.length > 0) throw new Error(`connector ${definition.name}: the adapter lacks ${missing.join(', ')}`);
  return pipelines;
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
