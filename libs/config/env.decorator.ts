import 'reflect-metadata';

export interface EnvOptions {
  /** One line for the help text and the docs: what it is for, with its unit. */
  describe: string;
  /** A secret is never printed; it may also be given as `<NAME>_FILE`, the path of a file that holds it. */
  secret?: boolean;
}

export interface EnvField extends EnvOptions {
  property: string;
  variable: string;
  type: unknown;
}

const fieldsKey = Symbol('lgsp:env');

/** Declares that a property of a configuration class is read from an environment variable. */
export function Env(variable: string, options: EnvOptions): PropertyDecorator {
  return (target, property) => {
    const inherited = (Reflect.getMetadata(fieldsKey, target) as EnvField[] | undefined) ?? [];
    const type: unknown = Reflect.getMetadata('design:type', target, property);
    const field: EnvField = { ...options, property: String(property), variable, type };
    Reflect.defineMetadata(fieldsKey, [...inherited.filter((f) => f.property !== field.property), field], target);
  };
}

export function envFields(configClass: new () => object): EnvField[] {
  return (Reflect.getMetadata(fieldsKey, configClass.prototype as object) as EnvField[] | undefined) ?? [];
}
