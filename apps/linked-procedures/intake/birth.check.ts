import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020';
import { BusError, type FieldError } from '#lgsp/errors';
import { ruleMessage, type Call } from '#lgsp/kit';
import type { StepOperations } from '../process/step.operations';

const registration = { system: 'civil-registry', operation: 'register-birth' } as const;
const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
let compiled: { schema: string; validate: ValidateFunction } | undefined;

/**
 * Holds the part for the registry against what the registry's connector says that it takes, so that a caller hears of a mistake
 * before anything is begun. Where no connector runs, the first step says it.
 * @throws BusError `invalid-request` naming every field
 */
export async function checkBirth(operations: StepOperations, birth: object, { language }: Call): Promise<void> {
  const schema = await schemaOf(operations);
  if (schema === undefined) return;
  const text = JSON.stringify(schema);
  if (compiled?.schema !== text) compiled = { schema: text, validate: ajv.compile(schema) };
  if (compiled.validate(birth)) return;
  const errors = (compiled.validate.errors ?? []).map((error): FieldError => {
    const { rule, path } = faultOf(error);
    return { path: `/birth${path}`, rule, message: ruleMessage(rule)[language] };
  });
  throw new BusError('invalid-request', { errors });
}

async function schemaOf(operations: StepOperations): Promise<object | undefined> {
  try {
    return (await operations.find(registration)).input;
  } catch (thrown) {
    if (BusError.from(thrown).code === 'connector-unavailable') return undefined;
    throw thrown;
  }
}

function faultOf({ keyword, instancePath, params }: ErrorObject): { rule: string; path: string } {
  const named = params as { missingProperty?: string; additionalProperty?: string };
  if (keyword === 'required') return { rule: 'required', path: `${instancePath}/${named.missingProperty}` };
  if (keyword === 'additionalProperties')
    return { rule: 'unknown-field', path: `${instancePath}/${named.additionalProperty}` };
  return { rule: ruleOf[keyword] ?? 'upstream-field', path: instancePath };
}

const ruleOf: Record<string, string> = { type: 'is-string', maxItems: 'size' };
