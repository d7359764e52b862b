import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';
import { BusError, fieldErrorsMax, type FieldError, type Language } from '#lgsp/errors';
import type { MessageClass } from './definition';
import { ruleMessage } from './rule.messages';

/** Bounds of any body, before its own rules are asked. */
const depthMax = 32;
const valuesMax = 100_000;
/** Names that every object has from its prototype: the validator would take them for known. The empty name is none. */
const hostileKeys = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype', '']);
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a body into its message class: JSON, bounds, Unicode NFC, then every field rule at once; unknown fields are
 * refused. @throws BusError `malformed-json` or `invalid-request` with a path and a rule per fault
 */
export function readInput<T extends object>(messageClass: MessageClass<T>, bytes: Uint8Array, language: Language): T {
  const plain = new BoundedBody(parseJson(bytes), language).checked();
  const message = plainToInstance(messageClass, plain, { enableImplicitConversion: false });
  const errors = faultsOf(messageClass, message, language);
  if (errors.length > 0) throw new BusError('invalid-request', { errors });
  return message;
}

/** The faults of a message that was made in code: for contract tests of outputs. */
export function validateMessage<T extends object>(messageClass: MessageClass<T>, value: T): FieldError[] {
  return faultsOf(messageClass, plainToInstance(messageClass, value), 'en');
}

/** The validator refuses a class without any rule as one that it does not know: of an empty message every field is unknown. */
function faultsOf(messageClass: MessageClass, message: object, language: Language): FieldError[] {
  if (metadata.getTargetValidationMetadatas(messageClass, '', true, false).length > 0)
    return flatten(validateSync(message, validation), language);
  const rule = 'unknown-field';
  const unknown = Object.keys(message).slice(0, fieldErrorsMax);
  return unknown.map((key) => ({ path: `/${escapePointer(key)}`, rule, message: ruleMessage(rule)[language] }));
}

const validation = { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true } as const;

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch (cause) {
    // The parser's message quotes the body, which may hold personal data: it stays out of the error.
    const detail = { en: 'the body is not JSON in UTF-8', vi: 'nội dung không phải JSON mã UTF-8' };
    throw new BusError('malformed-json', { detail, cause: new Error((cause as Error).name) });
  }
}

/** Walks a parsed body once: bounds, hostile keys, characters that no upstream takes, and Unicode NFC. */
class BoundedBody {
  private values = 0;

  constructor(
    private readonly body: unknown,
    private readonly language: Language,
  ) {}

  checked(): object {
    if (typeof this.body !== 'object' || this.body === null || Array.isArray(this.body)) this.refuse('', 'object');
    return this.walk(this.body, '', 0) as object;
  }

  private walk(value: unknown, path: string, depth: number): unknown {
    if (++this.values > valuesMax) this.refuse(path, 'size', [valuesMax]);
    if (typeof value === 'string') return this.text(value, path);
    if (typeof value !== 'object' || value === null) return value;
    if (depth >= depthMax) this.refuse('', 'depth');
    if (Array.isArray(value)) return value.map((item, index) => this.item(item, `${path}/${index}`, depth + 1));
    const copy: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value)) {
      if (hostileKeys.has(key)) this.refuse(`${path}/${key}`, 'unknown-field');
      if (!key.isWellFormed() || key.includes('\0')) this.refuse(path, 'well-formed');
      // null means absent: the validator would let it through every optional field, whatever its type.
      copy[key] = this.walk(item, `${path}/${escapePointer(key)}`, depth + 1) ?? undefined;
    }
    return copy;
  }

  /** A hole in a list is a fault: the validator would pass it over. */
  private item(value: unknown, path: string, depth: number): unknown {
    return this.walk(value, path, depth) ?? this.refuse(path, 'required');
  }

  private text(value: string, path: string): string {
    if (!value.isWellFormed() || value.includes('\0')) this.refuse(path, 'well-formed');
    return value.normalize('NFC');
  }

  private refuse(path: string, rule: string, parameters: unknown[] = []): never {
    const message = ruleMessage(rule, parameters)[this.language];
    throw new BusError('invalid-request', { errors: [{ path, rule, message }] });
  }
}

function flatten(faults: ValidationError[], language: Language, prefix = ''): FieldError[] {
  const result: FieldError[] = [];
  for (const fault of faults) {
    if (result.length >= fieldErrorsMax) break;
    const path = `${prefix}/${escapePointer(fault.property)}`;
    if (fault.value === undefined && fault.constraints && !fault.constraints['whitelistValidation']) {
      result.push({ path, rule: 'required', message: ruleMessage('required')[language] });
      continue;
    }
    for (const constraint of Object.keys(fault.constraints ?? {})) {
      const rule = constraint === 'whitelistValidation' ? 'unknown-field' : kebab(constraint);
      result.push({ path, rule, message: ruleMessage(rule, parametersOf(fault, constraint))[language] });
    }
    result.push(...flatten(fault.children ?? [], language, path));
  }
  return result.slice(0, fieldErrorsMax);
}

const metadata = getMetadataStorage();

/** The parameters that the decorator was given (`@MaxLength(100)` → [100]), which class-validator's errors leave out. */
function parametersOf(fault: ValidationError, constraint: string): readonly unknown[] {
  if (!fault.target) return [];
  const found = metadata
    .getTargetValidationMetadatas(fault.target.constructor, '', true, false)
    .find(({ propertyName, name }) => propertyName === fault.property && name === constraint);
  return (found?.constraints as unknown[] | undefined) ?? [];
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** `a/b` → `a~1b` (RFC 6901). */
const escapePointer = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1').slice(0, 100);
