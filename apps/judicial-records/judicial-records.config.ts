import { ArrayNotEmpty, IsArray, IsOptional, IsString, IsUrl, Matches, MinLength } from 'class-validator';
import { Env, IsMap } from '#lgsp/config';
import { ConnectorConfig, partnerFields, type Partner } from '#lgsp/kit';

/** The five addresses below the base URL. Provinces re-expose the façade under paths of their own. */
const pathNames = ['token', 'request', 'status', 'changes', 'acknowledge'] as const;
export type PathName = (typeof pathNames)[number];

export class JudicialRecordsConfig extends ConnectorConfig {
  @Env('LGSP_JUDICIAL_RECORDS_BASE_URL', { describe: 'address of the façade of the judicial-records system' })
  @IsUrl({ require_tld: false, protocols: ['http', 'https'] })
  baseUrl: string;

  @Env('LGSP_JUDICIAL_RECORDS_PATHS', {
    describe: `paths below the address, a JSON object with ${pathNames.join(', ')}`,
  })
  @IsMap('a path for each', (value) => typeof value === 'string' && /^\/[\w./-]*$/.test(value), pathNames)
  paths: Record<PathName, string> = {
    token: '/token',
    request: '/apiLyLichTuPhap/nhanHoSoDangKy',
    status: '/apiLyLichTuPhap/traTrangThaiHs',
    changes: '/apiLyLichTuPhap/traDsTrangThaiHs',
    acknowledge: '/apiLyLichTuPhap/danhDauHsThanhCong',
  };

  @Env('LGSP_JUDICIAL_RECORDS_CONSUMER_KEY', { describe: 'consumer key of the OAuth2 client credentials' })
  @IsString()
  @MinLength(1)
  consumerKey: string;

  @Env('LGSP_JUDICIAL_RECORDS_CONSUMER_SECRET', { describe: 'consumer secret', secret: true })
  @IsString()
  @MinLength(1)
  consumerSecret: string;

  @Env('LGSP_JUDICIAL_RECORDS_PARTNER', {
    describe: `adds the header lgspaccesstoken; a JSON object with ${partnerFields.join(', ')}`,
    secret: true,
  })
  @IsOptional()
  @IsMap('a text for each', (value) => typeof value === 'string', partnerFields)
  partner?: Partner;

  @Env('LGSP_JUDICIAL_RECORDS_AUTH_KEY_SECRET', {
    describe: 'secret that ends what authKey hashes, in what VNeID hands in; nothing is believed when left out',
    secret: true,
  })
  @IsString()
  authKeySecret: string = '';

  @Env('LGSP_JUDICIAL_RECORDS_AUTH_KEY_FIELDS', { describe: 'fields that authKey hashes before it, in their order' })
  @IsArray()
  @ArrayNotEmpty()
  @Matches(/^\w{1,60}$/, { each: true })
  authKeyFields: string[] = ['maTinh', 'maHoSoMCDT', 'ngayTiepNhan'];

  @Env('LGSP_JUDICIAL_RECORDS_UNIT_ID', {
    describe: 'idMinistryJustice: number of the unit that issues the certificates',
  })
  @Matches(/^\d{1,9}$/)
  unitId: string = '31';

  @Env('LGSP_JUDICIAL_RECORDS_OK_STATUSES', { describe: 'values of STATUS that mean success' })
  @IsArray()
  @ArrayNotEmpty()
  okStatuses: string[] = ['1'];

  @Env('LGSP_JUDICIAL_RECORDS_NOT_FOUND_STATUSES', { describe: 'values of STATUS that mean: no such dossier' })
  @IsArray()
  notFoundStatuses: string[] = ['201'];

  @Env('LGSP_JUDICIAL_RECORDS_CREDENTIAL_STATUSES', { describe: 'values of STATUS that mean: our access is wrong' })
  @IsArray()
  credentialStatuses: string[] = ['100', '101'];

  @Env('LGSP_JUDICIAL_RECORDS_FAULT_STATUSES', {
    describe: 'values of STATUS that mean: the system failed; all others are refusals',
  })
  @IsArray()
  faultStatuses: string[] = ['-1'];

  @Env('LGSP_JUDICIAL_RECORDS_NATIONALITIES', {
    describe: 'nationalityId by ISO country code, a JSON object; a nationality that is not here is refused',
  })
  @IsMap('a whole number for each', Number.isInteger)
  nationalities: Record<string, number> = { VN: 1 };

  @Env('LGSP_JUDICIAL_RECORDS_ETHNIC_GROUPS', {
    describe: 'ethnicId by national code, a JSON object; a group that is not here is left out',
  })
  @IsMap('a whole number for each', Number.isInteger)
  ethnicGroups: Record<string, number> = {};

  @Env('LGSP_JUDICIAL_RECORDS_REGIONS', {
    describe: 'region id by commune code, a JSON object; -1 is sent for a commune that is not here',
  })
  @IsMap('a whole number for each', Number.isInteger)
  regions: Record<string, number> = {};

  @Env('LGSP_JUDICIAL_RECORDS_DECLARE_TYPES', { describe: 'declareTypeId by who asks, a JSON object' })
  @IsMap('a whole number for each', Number.isInteger, ['person', 'representative', 'organisation', 'procedural-body'])
  declareTypes: Record<string, number> = {
    person: 3846,
    representative: 3845,
    organisation: 3847,
    'procedural-body': 3844,
  };

  @Env('LGSP_JUDICIAL_RECORDS_REQUEST_OBJECTS', {
    describe: 'objectRequestId by kind of applicant, a JSON object',
  })
  @IsMap('a whole number for each', Number.isInteger, ['citizen', 'foreigner', 'organisation', 'procedural-body'])
  requestObjects: Record<string, number> = { citizen: 72, foreigner: 71, organisation: 73, 'procedural-body': 74 };
}
