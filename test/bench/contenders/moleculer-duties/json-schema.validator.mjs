import Ajv from 'ajv';
import { Validators } from 'moleculer';

/** The framework's way to another validator than its own: compiled once per action, asked before each call. */
export class JsonSchemaValidator extends Validators.Base {
  #ajv = new Ajv();

  constructor() {
    // Under `params` the framework's own actions have schemas of its own kind.
    super({ paramName: 'inputSchema' });
  }

  compile(schema) {
    const validate = this.#ajv.compile(schema);
    return (params) => validate(params) || validate.errors;
  }
}
