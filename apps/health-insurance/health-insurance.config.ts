import { applyDecorators } from '@nestjs/common';
import {
  ArrayNotEmpty,
  IsArray,
  IsInt,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  Min,
  MinLength,
} from 'class-validator';
import { Env, IsMap } from '#lgsp/config';
import { ConnectorConfig, partnerFields, type Partner } from '#lgsp/kit';
import { cardStates, type CardState } from './health-insurance.messages';

/** The addresses below the base URL. Provinces re-expose the façade under paths of their own. */
const pathNames = ['token', 'number', 'householdOf', 'household', 'card', 'cardStatus', 'cancelCard'] as const;
export type PathName = (typeof pathNames)[number];

const CodeList = (variable: string, describe: string): PropertyDecorator =>
  applyDecorators(Env(variable, { describe }), IsArray(), ArrayNotEmpty(), Matches(/^[\w-]{1,30}$/, { each: true }));

export class HealthInsuranceConfig extends ConnectorConfig {
  @Env('LGSP_HEALTH_INSURANCE_BASE_URL', { describe: 'address of the façade before Vietnam Social Security' })
  @IsUrl({ require_tld: false, protocols: ['http', 'https'] })
  baseUrl: string;

  @Env('LGSP_HEALTH_INSURANCE_CONSUMER_KEY', { describe: 'consumer key of the façade' })
  @IsString()
  @MinLength(1)
  consumerKey: string;

  @Env('LGSP_HEALTH_INSURANCE_CONSUMER_SECRET', { describe: 'consumer secret that belongs to the key', secret: true })
  @IsString()
  @MinLength(1)
  consumerSecret: string;

  @Env('LGSP_HEALTH_INSURANCE_PARTNER', {
    describe: `adds the header lgspaccesstoken; a JSON object with ${partnerFields.join(', ')}`,
    secret: true,
  })
  @IsOptional()
  @IsMap('a text for each', (value) => typeof value === 'string', partnerFields)
  partner?: Partner;

  @Env('LGSP_HEALTH_INSURANCE_PATHS', {
    describe: `paths below the address, a JSON object with ${pathNames.join(', ')}`,
  })
  @IsMap('a path for each', (value) => typeof value === 'string' && /^\/[\w./-]{0,200}$/.test(value), pathNames)
  paths: Record<PathName, string> = {
    token: '/token',
    number: '/apiBHXH/getMaSoBhxhTheoTieuChi',
    householdOf: '/apiBHXH/getTraCuuTtHgdByMaSoBhxh',
    household: '/apiBHXH/getTraCuuThongTinHgd',
    card: '/apiBHXH/nhanHoSoCapTheTreEm',
    cardStatus: '/apiBHXH/traTrangThaiCapThe',
    cancelCard: '/apiBHXH/huyHoSoCapThe',
  };

  @Env('LGSP_HEALTH_INSURANCE_CHILD_MONTHS', {
    describe: 'age in months from which a child gets no card as a child under 6',
  })
  @IsInt()
  @Min(12)
  @Max(216)
  childMonths: number = 72;

  @Env('LGSP_HEALTH_INSURANCE_CARD_STATES', {
    describe: `state of a card by the code of Vietnam Social Security, a JSON object; values: ${cardStates.join(', ')}`,
  })
  @IsMap(`one of ${cardStates.join(', ')} for each`, (word) => cardStates.includes(word as CardState))
  cardStates: Record<string, CardState> = {
    '1': 'received',
    '2': 'processing',
    '3': 'issued',
    '4': 'needs-supplement',
    '5': 'refused',
    '6': 'cancelled',
  };

  @CodeList('LGSP_HEALTH_INSURANCE_OK_STATES', 'values of trangThai of a reply that say that it is done')
  okStates: string[] = ['1'];

  @CodeList('LGSP_HEALTH_INSURANCE_NOT_FOUND_CODES', 'error codes that say that there is none such')
  notFoundCodes: string[] = ['404'];

  @CodeList('LGSP_HEALTH_INSURANCE_CANCELLED_CODES', 'error codes that say that it is cancelled already')
  cancelledCodes: string[] = ['410'];

  @CodeList('LGSP_HEALTH_INSURANCE_CREDENTIAL_CODES', 'error codes that say that our access is wrong')
  credentialCodes: string[] = ['401', '403'];

  @CodeList('LGSP_HEALTH_INSURANCE_FAULT_CODES', 'error codes that say that the system itself failed')
  faultCodes: string[] = ['500', '503'];
}
