import { applyDecorators } from '@nestjs/common';
import { IsBoolean, IsIn, IsInt, IsString, IsUrl, Matches, Max, Min, MinLength } from 'class-validator';
import { Env } from '#lgsp/config';
import { ConnectorConfig } from '#lgsp/kit';
import { applicantCodeLists } from '#lgsp/vietnam';

const Path = (variable: string, describe: string): PropertyDecorator =>
  applyDecorators(Env(variable, { describe }), Matches(/^\/[\w./-]{0,200}$/));

const CodeList = (variable: string, describe: string): PropertyDecorator =>
  applyDecorators(Env(variable, { describe }), Matches(/^-?\w{1,30}$/, { each: true }));

export class NationalPortalConfig extends ConnectorConfig {
  @Env('LGSP_NATIONAL_PORTAL_BASE_URL', { describe: 'address of the adapter of the National Public Service Portal' })
  @IsUrl({ require_tld: false, protocols: ['http', 'https'] })
  baseUrl: string;

  @Env('LGSP_NATIONAL_PORTAL_USERNAME', { describe: 'user of the province at the adapter' })
  @IsString()
  @MinLength(1)
  username: string;

  @Env('LGSP_NATIONAL_PORTAL_PASSWORD', { describe: 'password of that user', secret: true })
  @IsString()
  @MinLength(1)
  password: string;

  @Env('LGSP_NATIONAL_PORTAL_UNIT', {
    describe: 'madonvi: unit for which the province hands in, such as 000.00.00.H24',
  })
  @Matches(/^[\w.-]{1,50}$/)
  unit: string = '000.00.00.H24';

  @Path('LGSP_NATIONAL_PORTAL_AUTH_PATH', 'where a session is opened')
  authPath: string = '/auth';

  @Path('LGSP_NATIONAL_PORTAL_SERVICE_PATH', 'where every service is called')
  servicePath: string = '/service';

  @Env('LGSP_NATIONAL_PORTAL_SESSION_MS', {
    describe: 'how long a session is used before another is opened, in milliseconds',
  })
  @IsInt()
  @Min(1_000)
  @Max(86_400_000)
  sessionMs: number = 1_200_000;

  @Env('LGSP_NATIONAL_PORTAL_FIRST', {
    describe:
      'insert: a dossier is handed in as new, and as a change when the portal knows it; update: the other way round, for a ' +
      'portal that takes a known dossier as new once more',
  })
  @IsIn(['insert', 'update'])
  first: 'insert' | 'update' = 'insert';

  @Env('LGSP_NATIONAL_PORTAL_CHECKS_TRANSITIONS', {
    describe:
      'refuse a state that may not follow the previous one that the caller gives; the ways are inferred from use',
  })
  @IsBoolean()
  checksTransitions: boolean = true;

  @Env('LGSP_NATIONAL_PORTAL_APPLICANT_CODES', {
    describe: `list by which kinds of applicants are written: ${applicantCodeLists.join(', ')}`,
  })
  @IsIn(applicantCodeLists)
  applicantCodes: 'portal-adapter' | 'ministry-portal' = 'portal-adapter';

  @CodeList('LGSP_NATIONAL_PORTAL_SESSION_CODES', 'error codes that say that the session is not good any more')
  sessionCodes: string[] = ['01'];

  @CodeList('LGSP_NATIONAL_PORTAL_KNOWN_CODES', 'error codes that say that the dossier is there already')
  knownCodes: string[] = ['02'];

  @CodeList('LGSP_NATIONAL_PORTAL_UNKNOWN_CODES', 'error codes that say that there is no such dossier')
  unknownCodes: string[] = ['03'];

  @CodeList('LGSP_NATIONAL_PORTAL_TRANSITION_CODES', 'error codes that say that the state may not follow')
  transitionCodes: string[] = ['05'];

  @CodeList('LGSP_NATIONAL_PORTAL_FAULT_CODES', 'error codes that say that the portal itself failed')
  faultCodes: string[] = ['99', '-1'];

  @Env('LGSP_NATIONAL_PORTAL_CATALOGUE_MS', { describe: 'how long the list of procedures is kept, in milliseconds' })
  @IsInt()
  @Min(0)
  @Max(86_400_000)
  catalogueMs: number = 3_600_000;
}
