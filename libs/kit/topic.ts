import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { busHeaders } from '#lgsp/bus';
import type { BusContext, EndpointExtras } from '#lgsp/bus/server';
import { BusError, languageOf } from '#lgsp/errors';
import type { MessageClass } from './definition';
import { readInput } from './input.reader';

type Answer<T> = (input: T, context: BusContext) => Promise<object>;

/**
 * A method of a controller that answers one of the bus's own subjects, such as those of the book: it is given the question read
 * into its class, with every faulty field refused by name, and gives the answer as an object.
 * @param summary what it answers, in one sentence
 */
export function Topic<T extends object>(subject: string, question: MessageClass<T>, summary: string) {
  return <M extends Answer<T>>(controller: object, name: string, descriptor: TypedPropertyDescriptor<M>): void => {
    const method = descriptor.value!;
    const handler = async function (this: object, body: Uint8Array, context: BusContext): Promise<Uint8Array> {
      if (Number(context.header(busHeaders.deadline) ?? Infinity) <= Date.now())
        throw new BusError('deadline-exceeded');
      const input = readInput(question, body, languageOf(context.header(busHeaders.language)));
      return Buffer.from(JSON.stringify(await method.call(this, input, context)));
    };
    Object.assign(descriptor, { value: handler });
    Payload()(controller, name, 0);
    Ctx()(controller, name, 1);
    const extras: EndpointExtras = { endpointName: subject.split('.').at(-1)!, metadata: { kind: 'query', summary } };
    MessagePattern(subject, extras)(controller, name, descriptor);
  };
}
