import { IsInt, IsObject, IsOptional, IsString, IsUrl, Matches, Max, Min, MinLength } from 'class-validator';
import { Env } from '#lgsp/config';
import { ConnectorConfig } from '#lgsp/kit';

export class CivilRegistryConfig extends ConnectorConfig {
  @Env('LGSP_CIVIL_REGISTRY_BASE_URL', { describe: 'address of the façade before the civil registry' })
  @IsUrl({ require_tld: false, protocols: ['http', 'https'] })
  baseUrl: string;

  @Env('LGSP_CIVIL_REGISTRY_CONSUMER_KEY', { describe: 'consumer key at the façade' })
  @IsString()
  @MinLength(1)
  consumerKey: string;

  @Env('LGSP_CIVIL_REGISTRY_CONSUMER_SECRET', { describe: 'consumer secret at the façade', secret: true })
  @IsString()
  @MinLength(1)
  consumerSecret: string;

  @Env('LGSP_CIVIL_REGISTRY_TOKEN_PATH', { describe: 'path of the token endpoint' })
  @IsString()
  tokenPath: string = '/token';

  @Env('LGSP_CIVIL_REGISTRY_LINKED_PATH', { describe: 'path of the API of linked births, deaths and marriages' })
  @IsString()
  linkedPath: string = '/apiLienThongKSKT/1.0';

  @Env('LGSP_CIVIL_REGISTRY_PATH', {
    describe: 'path of the registry API; provinces differ: /apiHoTichTuPhap, /hotich/1.0',
  })
  @IsString()
  registryPath: string = '/hotich/1.0';

  @Env('LGSP_CIVIL_REGISTRY_PROVINCE', { describe: 'maTinh: statistics code of the province' })
  @Matches(/^\d{2}$/)
  province: string = '31';

  @Env('LGSP_CIVIL_REGISTRY_UNITS', { describe: 'JSON: agency code → unit code of the Ministry of Justice (maDonVi)' })
  @IsObject()
  units: Record<string, number> = {};

  @Env('LGSP_CIVIL_REGISTRY_DEFAULT_UNIT', {
    describe: 'unit code for agencies that are not in the list; none refuses them',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  defaultUnit?: number;

  @Env('LGSP_CIVIL_REGISTRY_MARITAL_MODULE', { describe: 'module of marital-status certificates at the registry API' })
  @IsString()
  maritalModule: string = 'XNTTHN';

  @Env('LGSP_CIVIL_REGISTRY_CATALOGUE_MS', { describe: 'how long a catalogue is kept, in milliseconds' })
  @IsInt()
  @Min(0)
  @Max(86_400_000)
  catalogueMs: number = 3_600_000;
}
