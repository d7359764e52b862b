import type { MessageDraft } from '../draft';
import { UsageError } from '../../settings';
import { ourClassName } from './field.names';

const messagesMax = 200;

/** Names that a drafted file imports from elsewhere, or that every program has. */
const taken = new Set([
  'Array', 'Boolean', 'BusError', 'Call', 'Date', 'Env', 'Error', 'Function', 'Injectable', 'Map', 'MessageClass', 'Number',
  'Object', 'Promise', 'Record', 'RestRequest', 'RestUpstream', 'Set', 'SoapUpstream', 'Spelling', 'String', 'Symbol', 'Type',
  'UpstreamRuntime', 'XmlTree',
]); // oxfmt-ignore

/** The message classes of a draft: each description of an object once, those that others hold first. */
export class MessageShelf {
  readonly messages: MessageDraft[] = [];
  private readonly names = new Map<unknown, string>();
  private readonly used = new Set<string>(taken);
  /** Classes whose fields are being read, the innermost last. */
  private readonly open: string[] = [];

  /**
   * The class of a description, made when it is met first. A description that holds itself finds its name already there.
   * @param source what the class stands for, compared by identity
   */
  classOf(source: unknown, theirs: string, fields: () => MessageDraft['fields'], description?: string): string {
    const known = this.names.get(source);
    if (known !== undefined) {
      if (this.open.slice(0, -1).includes(known)) throw new LeftOut('its messages hold each other in a circle');
      return known;
    }
    const name = this.claim(ourClassName(theirs));
    this.names.set(source, name);
    this.open.push(name);
    try {
      this.add({ name, description, fields: fields() });
    } finally {
      this.open.pop();
    }
    return name;
  }

  /** A class of its own, whatever stands behind it. */
  add(message: MessageDraft): void {
    if (this.messages.length >= messagesMax) {
      throw new UsageError(`the file needs more than ${messagesMax} messages: choose with --operation`);
    }
    this.messages.push(message);
  }

  /** A name that no other class has. */
  claim(wanted: string): string {
    let name = wanted;
    for (let nth = 2; this.used.has(name); nth++) name = `${wanted}${nth}`;
    this.used.add(name);
    return name;
  }
}

/** Why an operation of a file is not drafted. */
export class LeftOut extends Error {
  override readonly name = 'LeftOut';
}

/** What can be drafted of a list; of the rest the reasons are told. */
export function whereDrafted<T, R>(
  all: readonly T[],
  draft: (each: T) => R,
  tell: (each: T, why: string) => void,
): R[] {
  return all.flatMap((each) => {
    try {
      return [draft(each)];
    } catch (error) {
      if (!(error instanceof LeftOut)) throw error;
      tell(each, error.message);
      return [];
    }
  });
}

/** Those messages that the operations need, in their order. */
export function needed(messages: readonly MessageDraft[], roots: readonly string[]): MessageDraft[] {
  const found = new Set<string>();
  const follow = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    for (const { of } of messages.find((message) => message.name === name)?.fields ?? []) if (of) follow(of);
  };
  roots.forEach(follow);
  return messages.filter(({ name }) => found.has(name));
}
