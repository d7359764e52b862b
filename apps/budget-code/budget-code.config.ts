import { applyDecorators } from '@nestjs/common';
import { ArrayNotEmpty, IsArray, IsInt, IsString, IsUrl, Matches, Max, Min, MinLength } from 'class-validator';
import { Env, IsMap } from '#lgsp/config';
import { ConnectorConfig } from '#lgsp/kit';
import {
  requestStates,
  unitKinds,
  unitStates,
  type RequestState,
  type UnitKind,
  type UnitState,
} from './budget-code.messages';

const Path = (variable: string, describe: string): PropertyDecorator =>
  applyDecorators(Env(variable, { describe }), Matches(/^\/[\w./-]{0,200}$/));

const CodeList = (variable: string, describe: string): PropertyDecorator =>
  applyDecorators(Env(variable, { describe }), IsArray(), ArrayNotEmpty(), Matches(/^[\w-]{1,30}$/, { each: true }));

/** The ministry's code → the word of the bus. */
const States = (variable: string, describe: string, words: readonly string[]): PropertyDecorator =>
  applyDecorators(
    Env(variable, { describe: `${describe}, a JSON object; values: ${words.join(', ')}` }),
    IsMap(`one of ${words.join(', ')} for each`, (word) => words.includes(word as string)),
  );

export class BudgetCodeConfig extends ConnectorConfig {
  @Env('LGSP_BUDGET_CODE_BASE_URL', {
    describe: 'address of the façade before the register of the Ministry of Finance',
  })
  @IsUrl({ require_tld: false, protocols: ['http', 'https'] })
  baseUrl: string;

  @Env('LGSP_BUDGET_CODE_CONSUMER_KEY', { describe: 'consumer key of the façade' })
  @IsString()
  @MinLength(1)
  consumerKey: string;

  @Env('LGSP_BUDGET_CODE_CONSUMER_SECRET', { describe: 'consumer secret that belongs to the key', secret: true })
  @IsString()
  @MinLength(1)
  consumerSecret: string;

  @Path('LGSP_BUDGET_CODE_TOKEN_PATH', 'where a token is asked for')
  tokenPath: string = '/token';

  @Path('LGSP_BUDGET_CODE_LOOK_UP_PATH', 'where units are looked up')
  lookUpPath: string = '/apiDVQHNS/1.0/traCuuMaSo';

  @Path('LGSP_BUDGET_CODE_REQUEST_PATH', 'where a code is requested')
  requestPath: string = '/apiDVQHNS/1.0/dangKyMaSo';

  @Path('LGSP_BUDGET_CODE_STATUS_PATH', 'where the state of a request is asked for')
  statusPath: string = '/apiDVQHNS/1.0/trangThaiDeNghi';

  @Env('LGSP_BUDGET_CODE_DIGITS', { describe: 'digits of a budget-relation code' })
  @IsInt()
  @Min(5)
  @Max(12)
  codeDigits: number = 7;

  @Env('LGSP_BUDGET_CODE_SUCCESSIONS_MAX', {
    describe: 'most closed codes that are followed, one after the other, for one question',
  })
  @IsInt()
  @Min(1)
  @Max(50)
  successionsMax: number = 10;

  @States('LGSP_BUDGET_CODE_UNIT_STATES', 'state of a unit by the code of the ministry', unitStates)
  unitStates: Record<string, UnitState> = { ACTIVE: 'active', CLOSED: 'closed' };

  @States('LGSP_BUDGET_CODE_REQUEST_STATES', 'state of a request by the code of the ministry', requestStates)
  requestStates: Record<string, RequestState> = {
    '1': 'received',
    '2': 'verifying',
    '3': 'issued',
    '4': 'needs-supplement',
    '5': 'refused',
  };

  @Env('LGSP_BUDGET_CODE_UNIT_KINDS', { describe: 'code of the ministry by the kind of a unit, a JSON object' })
  @IsMap('a code for each', (code) => typeof code === 'string' && code !== '', unitKinds)
  unitKinds: Record<UnitKind, string> = { 'estimate-unit': '1', 'other-unit': '2', 'investment-project': '3' };

  @CodeList('LGSP_BUDGET_CODE_SUCCESS_CODES', 'result codes that say that it is done')
  successCodes: string[] = ['00'];

  @CodeList('LGSP_BUDGET_CODE_NOT_FOUND_CODES', 'result codes that say that there is no such unit or request')
  notFoundCodes: string[] = ['04'];

  @CodeList('LGSP_BUDGET_CODE_CREDENTIAL_CODES', 'result codes that say that our access is wrong')
  credentialCodes: string[] = ['08'];

  @CodeList('LGSP_BUDGET_CODE_FAULT_CODES', 'result codes that say that the register itself failed')
  faultCodes: string[] = ['99'];
}
