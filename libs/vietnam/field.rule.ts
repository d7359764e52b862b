import { buildMessage, ValidateBy, type ValidationOptions } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { getMetadataSchema } from 'class-validator-jsonschema/build/decorators';
import { ruleTable, type RuleName } from './rules.table';

/** One kind of field: everything that its decorator validates and documents. */
export interface FieldRule {
  rule: RuleName;
  /** What a JSON Schema can say of it. The test below may be stricter, never looser. */
  pattern: RegExp;
  lengthMax?: number;
  description: string;
  /** Invented values that hold. */
  examples: readonly [string, ...string[]];
  holds(text: string): boolean;
}

export type FieldSchema = {
  type: 'string';
  pattern: string;
  maxLength?: number;
  description: string;
  examples: string[];
};

/** A property decorator with the options of class-validator (`{ each: true }` for a list of such values). */
export type FieldDecorator = ((options?: ValidationOptions) => PropertyDecorator) & { field: FieldRule };

/** Makes one decorator that validates a field and documents it. */
export function fieldDecorator(field: FieldRule): FieldDecorator {
  const decorator = (options?: ValidationOptions): PropertyDecorator => {
    const validate = ValidateBy(
      {
        name: constraintName(field.rule),
        validator: {
          validate: (value: unknown) => typeof value === 'string' && field.holds(value),
          defaultMessage: buildMessage((each) => `${each}$property ${ruleTable[field.rule].en}`, options),
        },
      },
      options,
    );
    return (target, property) => {
      validate(target, property);
      document(fieldSchema(field), options?.each ?? false, target, String(property));
    };
  };
  return Object.assign(decorator, { field });
}

/** `personal-id` → `isPersonalId`, the name of the constraint in class-validator's errors. */
export function constraintName(rule: string): string {
  return `is-${rule}`.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

export function fieldSchema({ pattern, lengthMax, description, examples }: FieldRule): FieldSchema {
  return {
    type: 'string',
    pattern: pattern.source,
    ...(lengthMax === undefined ? {} : { maxLength: lengthMax }),
    description,
    examples: [...examples],
  };
}

/**
 * class-validator-jsonschema keeps one schema a field: what a `@JSONSchema` below this decorator said is carried over and
 * wins, but not what a parent class said of a field that is declared anew.
 */
function document(schema: FieldSchema, each: boolean, target: object, property: string): void {
  const inherited: unknown = getMetadataSchema(Object.getPrototypeOf(target) as object, property);
  const known: unknown = getMetadataSchema(target, property);
  const below = known === inherited ? {} : known;
  const own = each ? { type: 'array', items: schema } : schema;
  const whole =
    typeof below === 'function'
      ? (source: object, options: unknown): unknown => (below as SchemaFunction)({ ...source, ...own }, options)
      : { ...own, ...(below as object) };
  JSONSchema(whole as Parameters<typeof JSONSchema>[0])(target, property);
}

type SchemaFunction = (source: object, options: unknown) => unknown;
