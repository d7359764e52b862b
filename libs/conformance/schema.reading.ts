import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020';
import { depthMax, isDeeper, isRecord, readJson } from './json.text';

/** Formats are notes for readers; an unknown keyword is one as well. Schemas do not know each other. */
const compiler = new Ajv2020({ strict: false, allErrors: true, validateFormats: false, addUsedSchema: false });

/** A JSON Schema as text, read and compiled. */
export class SchemaReading {
  readonly schema?: Record<string, unknown>;
  /** Why it cannot be used; undefined when it can. */
  readonly fault?: string;
  private readonly check?: ValidateFunction;

  constructor(text: unknown) {
    const schema = readJson(text);
    if (text === undefined) this.fault = 'there is none';
    else if (schema === undefined) this.fault = 'it is not JSON';
    else if (!isRecord(schema)) this.fault = 'it is not an object';
    else if (isDeeper(schema, depthMax)) this.fault = `it is nested deeper than ${depthMax} levels`;
    else {
      this.schema = schema;
      try {
        this.check = compiler.compile(this.schema);
      } catch (error) {
        this.fault = (error as Error).message;
      }
      if (this.schema['type'] !== 'object') this.fault ??= 'its type is not "object"';
    }
  }

  get required(): string[] {
    const names = this.schema?.['required'];
    return Array.isArray(names) ? names.filter((name): name is string => typeof name === 'string') : [];
  }

  get properties(): string[] {
    const properties = this.schema?.['properties'];
    return isRecord(properties) ? Object.keys(properties) : [];
  }

  /** Whether the field is one of a few words, or yes or no. */
  isState(name: string): boolean {
    const properties = this.schema?.['properties'];
    const property = isRecord(properties) ? properties[name] : undefined;
    return isRecord(property) && ('enum' in property || property['type'] === 'boolean');
  }

  /** What is wrong with the value and where; empty when it is valid, or the schema cannot say. */
  faultsOf(value: unknown): { path: string; message: string }[] {
    if (!this.check || this.check(value)) return [];
    return (this.check.errors ?? []).map(({ instancePath, message = '' }) => ({ path: instancePath, message }));
  }
}
