import { IsString, IsUrl, MinLength } from 'class-validator';
import { Env } from '#lgsp/config';
import { ConnectorConfig } from '#lgsp/kit';

export class PopulationConfig extends ConnectorConfig {
  @Env('LGSP_POPULATION_BASE_URL', { describe: 'address of the X-Road endpoint of the population database' })
  @IsUrl({ require_tld: false, protocols: ['http', 'https'] })
  baseUrl: string;

  @Env('LGSP_POPULATION_USER', { describe: 'user of the hashed Basic scheme' })
  @IsString()
  @MinLength(1)
  user: string;

  @Env('LGSP_POPULATION_SECRET_KEY', { describe: 'secret key that is hashed into the password', secret: true })
  @IsString()
  @MinLength(1)
  secretKey: string;

  @Env('LGSP_POPULATION_API_KEY', { describe: 'value of the ApiKey header', secret: true })
  @IsString()
  @MinLength(1)
  apiKey: string;

  @Env('LGSP_POPULATION_XROAD_CLIENT', { describe: 'X-Road client: instance/class/member/subsystem' })
  @IsString()
  xRoadClient: string = 'VN/GOV/H24/LGSP';

  @Env('LGSP_POPULATION_SERVICE_CODE', { describe: 'MaDVC: service code given to the province' })
  @IsString()
  serviceCode: string = 'VPCP';

  @Env('LGSP_POPULATION_ACCOUNT', { describe: 'TaiKhoan: account of the province' })
  @IsString()
  account: string = 'lgsp-haiphong';

  @Env('LGSP_POPULATION_VERIFY_CODE', { describe: 'MaTichHop of the verification service' })
  @IsString()
  verifyCode: string = '003';

  @Env('LGSP_POPULATION_LOOK_UP_CODE', { describe: 'MaTichHop of the look-up service' })
  @IsString()
  lookUpCode: string = '037';
}
