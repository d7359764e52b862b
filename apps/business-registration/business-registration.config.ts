import { applyDecorators } from '@nestjs/common';
import {
  ArrayNotEmpty,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  Min,
  MinLength,
  ValidateIf,
} from 'class-validator';
import { Env, IsMap } from '#lgsp/config';
import { ConnectorConfig } from '#lgsp/kit';
import { HoldsAdministrativeUnits } from '#lgsp/vietnam';
import {
  dossierKinds,
  dossierStates,
  enterpriseStatuses,
  type DossierKind,
  type DossierState,
  type EnterpriseStatus,
} from './business-registration.messages';

/** The two façades: that of today with everything, and the older one, which knows enterprises only. */
const facades = ['current', 'older'] as const;

const Path = (variable: string, describe: string): PropertyDecorator =>
  applyDecorators(Env(variable, { describe }), Matches(/^\/[\w./-]{0,200}$/));

/** What the registry writes → the word of the bus. */
const Words = (variable: string, describe: string, words: readonly string[]): PropertyDecorator =>
  applyDecorators(
    Env(variable, { describe: `${describe}, a JSON object; values: ${words.join(', ')}` }),
    IsMap(`one of ${words.join(', ')} for each`, (word) => words.includes(word as string)),
  );

const Phrases = (variable: string, describe: string): PropertyDecorator =>
  applyDecorators(Env(variable, { describe }), IsArray(), ArrayNotEmpty(), IsString({ each: true }));

export class BusinessRegistrationConfig extends ConnectorConfig {
  @Env('LGSP_BUSINESS_REGISTRATION_BASE_URL', { describe: 'address of the façade before the business registry' })
  @IsUrl({ require_tld: false, protocols: ['http', 'https'] })
  baseUrl: string;

  @Env('LGSP_BUSINESS_REGISTRATION_FACADE', {
    describe: 'which of the two façades it is: current, or older (enterprises only)',
  })
  @IsIn(facades)
  facade: 'current' | 'older' = 'current';

  @Env('LGSP_BUSINESS_REGISTRATION_CONSUMER_KEY', {
    describe: 'consumer key of the façade; no token is asked for without it',
  })
  @IsString()
  consumerKey: string = '';

  @Env('LGSP_BUSINESS_REGISTRATION_CONSUMER_SECRET', {
    describe: 'consumer secret that belongs to the key',
    secret: true,
  })
  @ValidateIf(({ consumerKey }: BusinessRegistrationConfig) => consumerKey !== '')
  @IsString()
  @MinLength(1)
  consumerSecret?: string;

  @Path('LGSP_BUSINESS_REGISTRATION_TOKEN_PATH', 'where a token is asked for')
  tokenPath: string = '/token';

  @Path('LGSP_BUSINESS_REGISTRATION_PATH', 'path of the current façade; some provinces leave the version out')
  currentPath: string = '/apiCSDLDKDN/1.0';

  @Path('LGSP_BUSINESS_REGISTRATION_OLDER_PATH', 'path of the older façade')
  olderPath: string = '/apiDKKD/DoanhNghiep';

  @Env('LGSP_BUSINESS_REGISTRATION_WINDOW_DAYS', {
    describe: 'most days that the registry lists at once, both ends counted',
  })
  @IsInt()
  @Min(1)
  @Max(31)
  windowDays: number = 5;

  @Env('LGSP_BUSINESS_REGISTRATION_PAGE_RECORDS', { describe: 'dossiers asked for at once' })
  @IsInt()
  @Min(1)
  @Max(1_000)
  pageRecords: number = 100;

  @Env('LGSP_BUSINESS_REGISTRATION_PAGES_MAX', {
    describe: 'most questions to the registry for one list; the rest is behind its cursor',
  })
  @IsInt()
  @Min(1)
  @Max(200)
  pagesMax: number = 20;

  @Words(
    'LGSP_BUSINESS_REGISTRATION_ENTERPRISE_STATUSES',
    'status of an enterprise by the code or words of the registry',
    enterpriseStatuses,
  )
  enterpriseStatuses: Record<string, EnterpriseStatus> = {
    '1': 'active',
    '2': 'suspended',
    '3': 'dissolving',
    '4': 'dissolved',
    '5': 'revoked',
  };

  @Words(
    'LGSP_BUSINESS_REGISTRATION_DOCUMENT_TYPES',
    'kind of a dossier by the code or words of the registry',
    dossierKinds,
  )
  documentTypes: Record<string, DossierKind> = {
    'Đăng ký mới': 'new',
    'Đăng ký thay đổi': 'change',
    'Tạm ngừng': 'suspension',
    'Giải thể': 'dissolution',
    'Hoạt động trở lại': 'resumption',
  };

  @Words(
    'LGSP_BUSINESS_REGISTRATION_PROCESS_STATUSES',
    'state of a dossier by the code or words of the registry',
    dossierStates,
  )
  processStatuses: Record<string, DossierState> = {
    '1': 'received',
    '2': 'processing',
    '3': 'needs-supplement',
    '4': 'approved',
    '5': 'refused',
  };

  @Phrases('LGSP_BUSINESS_REGISTRATION_NOT_FOUND_PHRASES', 'phrases in a refusal that say that there is no such record')
  notFoundPhrases: string[] = ['không tìm thấy', 'không tồn tại', 'không có dữ liệu'];

  @Phrases('LGSP_BUSINESS_REGISTRATION_CREDENTIAL_PHRASES', 'phrases in a refusal that say that our access is wrong')
  credentialPhrases: string[] = ['không có quyền', 'chưa được cấp quyền'];

  @Phrases('LGSP_BUSINESS_REGISTRATION_FAULT_PHRASES', 'phrases in a refusal that say that the registry itself failed')
  faultPhrases: string[] = ['lỗi hệ thống', 'gián đoạn', 'quá tải'];

  @Env('LGSP_ADMINISTRATIVE_UNITS_FILE', {
    describe: 'file of administrative units (docs/vietnam.md); an excerpt without it',
  })
  @IsOptional()
  @HoldsAdministrativeUnits()
  unitsFile?: string;
}
