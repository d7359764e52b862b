import type { OperationDraft, RestWire } from '../draft';
import { decide } from './source.text';

/** What every operation of a REST client goes through. */
export function askRestText(operations: readonly OperationDraft[]): string {
  const has = (answer: RestWire['answer']): boolean =>
    operations.some(({ wire }) => wire?.style === 'rest' && wire.answer === answer);
  const parts = [
    ...(has('object')
      ? [
          `private async ask<T extends object>(messageClass: MessageClass<T>, call: Call, request: RestRequest): Promise<T> {
    return fromTheirs(call, spelling, messageClass, await this.answer(call, request));
  }`,
        ]
      : []),
    ...(has('list')
      ? [
          `/** A bare list, as the one field of the message. */
  private async askList<T extends object>(messageClass: MessageClass<T>, call: Call, request: RestRequest): Promise<T> {
    return fromTheirs(call, spelling, messageClass, { items: await this.answer(call, request) });
  }`,
        ]
      : []),
    ...(has('object') || has('list')
      ? [
          `private async answer(call: Call, request: RestRequest): Promise<unknown> {
    const { status, json } = await this.rest.json(call, { ...request, accept: refusals });
    if (status === 404) throw new BusError('not-found');
    if (status >= 400) throw refusalOf(status, json);
    return json;
  }`,
        ]
      : []),
    ...(has('empty')
      ? [
          `/** An answer without content: its status says it all. */
  private async tell(call: Call, request: RestRequest): Promise<void> {
    const status = await this.rest.nothing(call, { ...request, accept: refusals });
    if (status === 404) throw new BusError('not-found');
    if (status >= 400) throw refusalOf(status, undefined);
  }`,
        ]
      : []),
  ];
  return parts.join('\n\n');
}

/** Below the class: what a refusal is, and how values stand in an address. */
export function restRefusalText(operations: readonly OperationDraft[]): string {
  const hasText = operations.some(
    ({ wire }) => wire?.style === 'rest' && wire.parameters.some((parameter) => parameter.in === 'query'),
  );
  return `
/** Statuses that say that it understood and will not. ${decide} and what says so in its answers. */
const refusals = [400, 404, 409, 422];

function refusalOf(status: number, json: unknown): BusError {
  const { code, message } = (json ?? {}) as Record<string, unknown>;
  const text = typeof message === 'string' ? message.slice(0, 500) : undefined;
  return upstreamRejected({ code: typeof code === 'string' ? code : \`HTTP \${status}\`, message: text });
}
${hasText ? textOfText : ''}`;
}

const textOfText = `
/** What stands after the \`?\` or in a header; lists with commas between. ${decide} whether it wants lists so. */
function textOf(value: string | number | boolean | readonly unknown[] | undefined): string | undefined {
  return value === undefined ? undefined : Array.isArray(value) ? value.join(',') : String(value);
}
`;
