import { applyDecorators } from '@nestjs/common';
import { IsIn, IsInt, IsString, IsUrl, Matches, Max, Min, MinLength, ValidateIf } from 'class-validator';
import { Env } from '#lgsp/config';
import { ConnectorConfig } from '#lgsp/kit';
import { landStates, legalStatuses } from './land.messages';

const Path = (variable: string, describe: string): PropertyDecorator =>
  applyDecorators(Env(variable, { describe }), Matches(/^\/[\w./-]{0,200}$/));

const CodeList = (variable: string, describe: string): PropertyDecorator =>
  applyDecorators(Env(variable, { describe }), Matches(/^[\w-]{1,30}$/, { each: true }));

/** `1=received,2=processing`: codes of the land system on the left, ours on the right. */
const CodeMap = (variable: string, describe: string, values: readonly string[]): PropertyDecorator =>
  applyDecorators(
    Env(variable, { describe: `${describe}: ${values.join(', ')}` }),
    Matches(new RegExp(`^[\\w-]{1,30}=(?:${values.join('|')})$`), { each: true }),
  );

/** What only the password grant needs. */
const Credential = (variable: string, describe: string, secret = false): PropertyDecorator =>
  applyDecorators(
    Env(variable, { describe, secret }),
    ValidateIf(({ auth }: LandConfig) => auth === 'password'),
    IsString(),
    MinLength(1),
  );

export class LandConfig extends ConnectorConfig {
  @Env('LGSP_LAND_BASE_URL', { describe: 'address of the land system (VBDLIS, iLIS), or of a façade before it' })
  @IsUrl({ require_tld: false, protocols: ['http', 'https'] })
  baseUrl: string;

  @Env('LGSP_LAND_AUTH', {
    describe: 'none: VBDLIS, which trusts the network; password: the OAuth2 password grant of iLIS',
  })
  @IsIn(['none', 'password'])
  auth: 'none' | 'password' = 'none';

  @Credential('LGSP_LAND_TOKEN_URL', 'address where a token is asked for')
  @IsUrl({ require_tld: false, protocols: ['http', 'https'] })
  tokenUrl?: string;

  @Credential('LGSP_LAND_USERNAME', 'user of the password grant')
  username?: string;

  @Credential('LGSP_LAND_PASSWORD', 'password of that user', true)
  password?: string;

  @Credential('LGSP_LAND_CLIENT_ID', 'client of the password grant')
  clientId?: string;

  @Credential('LGSP_LAND_CLIENT_SECRET', 'secret of that client', true)
  clientSecret?: string;

  @Env('LGSP_LAND_SECURITY_CODE', {
    describe: 'SecurityCode that the land system sends with what it tells by itself; none is believed when left out',
    secret: true,
  })
  @IsString()
  securityCode: string = '';

  @Env('LGSP_LAND_CALLBACK_CLOCK', { describe: 'the clock of its times, which come without offset: utc or vietnam' })
  @IsIn(['utc', 'vietnam'])
  callbackClock: 'utc' | 'vietnam' = 'utc';

  @Path('LGSP_LAND_SUBMIT_PATH', 'where a dossier is handed in')
  submitPath: string = '/tiepnhan';

  @Path('LGSP_LAND_SUPPLEMENT_PATH', 'where further papers are handed in')
  supplementPath: string = '/capnhattrangthaibosunghoso';

  @Path('LGSP_LAND_RETURNED_PATH', 'where it is told that a result was returned to the citizen')
  returnedPath: string = '/capnhattrangthaitraketquahoso';

  @Path('LGSP_LAND_FAULTY_PATH', 'where a faulty result is sent back')
  faultyPath: string = '/phanhoihososaiketqua';

  @Path('LGSP_LAND_LOOK_UP_PATH', 'where the state of a dossier is asked for')
  lookUpPath: string = '/tracuuhoso';

  @Path('LGSP_LAND_PARCEL_PATH', 'where a parcel is asked for')
  parcelPath: string = '/tracuuthuadat';

  @Env('LGSP_LAND_PROVINCE', { describe: 'TinhId: number of the province' })
  @IsInt()
  @Min(1)
  @Max(99)
  province: number = 31;

  @CodeList('LGSP_LAND_NOT_FOUND_CODES', 'codes that say that there is no such dossier or parcel')
  notFoundCodes: string[] = ['404'];

  @CodeList(
    'LGSP_LAND_ALREADY_CODES',
    'codes that say that it is so already: the dossier is there, the result returned',
  )
  alreadyCodes: string[] = ['409'];

  @CodeList('LGSP_LAND_CREDENTIAL_CODES', 'codes that say that we may not')
  credentialCodes: string[] = ['401', '403'];

  @CodeList('LGSP_LAND_FAULT_CODES', 'codes that say that the land system itself failed')
  faultCodes: string[] = ['500', '503'];

  @CodeMap('LGSP_LAND_STATES', 'states of a dossier, code=state', landStates)
  states: string[] = ['1=received', '2=processing', '3=supplement-required', '4=tax-due', '5=completed', '6=returned'];

  @CodeMap('LGSP_LAND_LEGAL_STATUSES', 'legal statuses of a parcel, code=status', legalStatuses)
  legalStatuses: string[] = ['1=certified', '2=uncertified', '3=disputed', '4=restricted'];

  @Env('LGSP_LAND_ATTACHMENT_ORIGINS', {
    describe:
      'origins from which attachments are fetched by link, such as https://tep.motcua.example.vn; none refuses links',
  })
  @IsUrl({ require_tld: false, protocols: ['http', 'https'] }, { each: true })
  attachmentOrigins: string[] = [];

  @Env('LGSP_LAND_ATTACHMENT_BYTES_MAX', { describe: 'largest attachment, in bytes' })
  @IsInt()
  @Min(1_024)
  @Max(8_388_608)
  attachmentBytesMax: number = 5_000_000;

  @Env('LGSP_LAND_ATTACHMENTS_BYTES_MAX', { describe: 'all attachments of a call together, in bytes' })
  @IsInt()
  @Min(1_024)
  @Max(67_108_864)
  attachmentsBytesMax: number = 20_000_000;
}
