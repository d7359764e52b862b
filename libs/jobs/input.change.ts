import { BusError } from '#lgsp/errors';

/** What an operator puts into the place of an input: all of it, or single values by JSON Pointer; null takes one out. */
export interface InputChange {
  input?: object;
  set?: Record<string, unknown>;
}

/** Names that would reach beyond the object itself. */
const hostile = new Set(['__proto__', 'constructor', 'prototype']);

/** @throws BusError `invalid-request` naming what is wrong with the change */
export function changedInput(before: Uint8Array, { input, set }: InputChange): Buffer {
  if ((input === undefined) === (set === undefined))
    throw refused('', 'one-of', 'must be either a whole input or single values');
  if (input !== undefined) return Buffer.from(JSON.stringify(input));
  const value = readObject(before);
  // What was null in the request is absent by now.
  for (const [pointer, to] of Object.entries(set!)) put(value, pointer, to ?? null);
  return Buffer.from(JSON.stringify(value));
}

function readObject(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    throw refused('', 'object', 'the input is no JSON: it can only be replaced as a whole');
  }
}

function put(root: unknown, pointer: string, to: unknown): void {
  const names = pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = names.pop();
  if (!pointer.startsWith('/') || last === undefined || [...names, last].some((name) => hostile.has(name)))
    throw refused(pointer, 'pointer', 'must be a JSON Pointer, such as /child/fullName');
  let at = root;
  for (const name of names)
    at = isContainer(at) && Object.hasOwn(at, name) ? (at as Record<string, unknown>)[name] : undefined;
  if (!isContainer(at)) throw refused(pointer, 'pointer', 'leads to nothing in the input');
  if (Array.isArray(at)) putInto(at, last, to, pointer);
  else if (to === null) delete (at as Record<string, unknown>)[last];
  else (at as Record<string, unknown>)[last] = to;
}

function putInto(list: unknown[], name: string, to: unknown, pointer: string): void {
  const index = /^(0|[1-9]\d{0,4})$/.test(name) ? Number(name) : -1;
  if (index < 0 || index > list.length || (to === null && index === list.length))
    throw refused(pointer, 'pointer', 'leads beyond the list');
  if (to === null) list.splice(index, 1);
  else list[index] = to;
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;

function refused(pointer: string, rule: string, message: string): BusError {
  return new BusError('invalid-request', { errors: [{ path: pointer.slice(0, 200), rule, message }] });
}
