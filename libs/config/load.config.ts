import { readFileSync } from 'node:fs';
import { validateSync } from 'class-validator';
import { envFields, type EnvField } from './env.decorator';

/** Every fault of a configuration at once, each naming its variable, so that one restart mends them all. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly faults: string[]) {
    super(`the configuration has ${faults.length} fault(s):\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

type Environment = Record<string, string | undefined>;

/**
 * Reads a configuration class from the environment: properties keep their initial value as default, are converted to
 * their declared type, validated by their class-validator decorators, and the result is frozen.
 * @throws ConfigError listing every fault; the value of a secret is never part of it.
 */
export function loadConfig<T extends object>(configClass: new () => T, environment: Environment = process.env): T {
  const config = new configClass();
  const fields = envFields(configClass);
  const faults: string[] = [];
  for (const field of fields) {
    try {
      const given = read(field, environment);
      if (given !== undefined) (config as Record<string, unknown>)[field.property] = convert(field, given);
    } catch (error) {
      faults.push(`${field.variable}: ${(error as Error).message}`);
    }
  }
  for (const { property, constraints, value } of validateSync(config, { forbidUnknownValues: false })) {
    const field = fields.find((f) => f.property === property);
    const name = field?.variable ?? property;
    const shown = field?.secret || value === undefined ? '' : ` (it is ${JSON.stringify(value)})`;
    if (faults.some((fault) => fault.startsWith(`${name}:`))) continue;
    faults.push(`${name}: ${Object.values(constraints ?? {}).join('; ')}${shown} — ${field?.describe ?? ''}`);
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze(config);
}

/** What can be configured: one line per variable, for `--help` and the docs. */
export function describeConfig(
  configClass: new () => object,
): { variable: string; describe: string; default: string }[] {
  const defaults = new configClass() as Record<string, unknown>;
  return envFields(configClass).map(({ variable, describe, property, secret }) => ({
    variable,
    describe: secret ? `${describe} (secret; also as ${variable}_FILE)` : describe,
    default: defaults[property] === undefined ? '' : JSON.stringify(defaults[property]),
  }));
}

function read(field: EnvField, environment: Environment): string | undefined {
  const plain = environment[field.variable];
  const file = field.secret ? environment[`${field.variable}_FILE`] : undefined;
  if (plain !== undefined && file !== undefined) {
    throw new Error(`is given twice, also as ${field.variable}_FILE`);
  }
  if (file !== undefined) return readFileSync(file, 'utf8').trim();
  return plain === undefined || plain === '' ? undefined : plain;
}

function convert(field: EnvField, text: string): unknown {
  if (field.type === Number) {
    const number = Number(text);
    if (Number.isNaN(number)) throw new Error(`must be a number — ${field.describe}`);
    return number;
  }
  if (field.type === Boolean) {
    if (text === 'true' || text === '1') return true;
    if (text === 'false' || text === '0') return false;
    throw new Error(`must be true or false — ${field.describe}`);
  }
  if (field.type === Array)
    return text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  if (field.type === Object) return parseObject(field, text);
  return text;
}

function parseObject(field: EnvField, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`must be a JSON object — ${field.describe}`);
  }
}
