import { Controller, Inject, type Type } from '@nestjs/common';
import type { BusContext } from '#lgsp/bus/server';
import { callbackSubjectOf, describeCallback } from './callback.endpoint';
import { CallbackPipeline, type Receive } from './callback.pipeline';
import { addHandler } from './connector.controller';
import type { ConnectorDefinition } from './definition';
import type { UpstreamRuntime } from './upstream/upstream.runtime';

/** Makes the Nest controller of a connector's callbacks from its definition: one message handler per kind (`<kind>.callback`). */
export function callbackController(
  definition: ConnectorDefinition,
  adapter: Type<object>,
  runtime: UpstreamRuntime,
): Type<object> {
  class CallbackController {
    private readonly pipelines: ReadonlyMap<string, CallbackPipeline>;

    /** @throws Error naming every method that the adapter lacks */
    constructor(instance: object) {
      this.pipelines = pipelinesOf(definition, instance, runtime);
    }

    run(kind: string, body: Uint8Array, context: BusContext): Promise<Uint8Array> {
      return this.pipelines.get(kind)!.run(body, context);
    }
  }
  Controller()(CallbackController);
  Inject(adapter)(CallbackController, undefined, 0);
  for (const [kind, callback] of Object.entries(definition.callbacks ?? {})) {
    const extras = describeCallback(kind, definition.version, callback);
    const handler = function (this: CallbackController, body: Uint8Array, context: BusContext) {
      return this.run(kind, body, context);
    };
    addHandler(CallbackController, callbackSubjectOf(definition, kind), extras, handler);
  }
  return CallbackController;
}

function pipelinesOf(
  { name: system, callbacks = {} }: ConnectorDefinition,
  adapter: object,
  { log }: UpstreamRuntime,
): ReadonlyMap<string, CallbackPipeline> {
  const methods = adapter as Record<string, unknown>;
  const missing = Object.keys(callbacks).filter((kind) => typeof methods[`${kind}Callback`] !== 'function');
  if (missing.length > 0)
    throw new Error(`connector ${system}: the adapter lacks ${missing.map((kind) => `${kind}Callback`).join(', ')}`);
  return new Map(
    Object.entries(callbacks).map(([kind, callback]) => {
      const receive = (methods[`${kind}Callback`] as Receive).bind(adapter);
      return [kind, new CallbackPipeline({ system, kind, callback, log, receive })] as const;
    }),
  );
}
