import { getMetadataStorage } from 'class-validator';
import { targetConstructorToSchema, validationMetadatasToSchemas } from 'class-validator-jsonschema';
import { vietnamSchemas } from '#lgsp/vietnam';
import type { MessageClass } from './definition';

export type JsonSchema = Record<string, unknown>;

// The storage in which @Type() keeps the classes of nested fields; the package has no types for this file of it.
// eslint-disable-next-line typescript/no-require-imports
const { defaultMetadataStorage } = require('class-transformer/cjs/storage.js') as {
  defaultMetadataStorage: NonNullable<
    Parameters<typeof validationMetadatasToSchemas>[0]
  >['classTransformerMetadataStorage'];
};

const options = {
  classTransformerMetadataStorage: defaultMetadataStorage,
  classValidatorMetadataStorage: getMetadataStorage(),
  refPointerPrefix: '#/$defs/',
  // So that a description written beside one of our own decorators adds to its pattern instead of replacing it.
  additionalConverters: vietnamSchemas,
};

/**
 * The JSON Schema of a message class, complete in itself: nested classes are under `$defs`. A closed schema (an input)
 * refuses unknown fields, as the bus does.
 */
export function jsonSchemaOf(messageClass: MessageClass, { closed = false } = {}): JsonSchema {
  const root = targetConstructorToSchema(messageClass, options) as JsonSchema;
  const known = validationMetadatasToSchemas(options) as Record<string, JsonSchema>;
  const defs: Record<string, JsonSchema> = {};
  const collect = (schema: unknown): void => {
    for (const [, name] of JSON.stringify(schema).matchAll(/"#\/\$defs\/([^"]+)"/g)) {
      if (defs[name!]) continue;
      const found = known[name!];
      if (!found) throw new Error(`the schema of ${messageClass.name} refers to ${name}, which has no decorated field`);
      defs[name!] = closed ? { ...found, additionalProperties: false } : found;
      collect(found);
    }
  };
  collect(root);
  return {
    ...root,
    // A message without fields has nothing else.
    ...('type' in root ? {} : { type: 'object' }),
    ...(closed ? { additionalProperties: false } : {}),
    ...(Object.keys(defs).length > 0 ? { $defs: defs } : {}),
  };
}
