import { IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';
import { Env, ProcessConfig } from '#lgsp/config';

export class LedgerConfig extends ProcessConfig {
  @Env('LGSP_DATABASE_URL', {
    describe: 'PostgreSQL of the ledger, postgresql://user@host/database; without it the database is embedded',
    secret: true,
  })
  @IsOptional()
  @Matches(/^postgres(ql)?:\/\//, { message: 'must begin with postgresql://' })
  databaseUrl?: string;

  @Env('LGSP_DATABASE_PASSWORD', { describe: 'password of the database, when it is not in its address', secret: true })
  @IsOptional()
  @IsString()
  databasePassword?: string;

  @Env('LGSP_LEDGER_DIR', { describe: 'folder of the embedded database, and of months that are archived' })
  @IsString()
  folder: string = 'data/ledger';

  @Env('LGSP_LEDGER_ONLINE_MONTHS', {
    describe: 'how many closed months stay in the database beside the current one; older ones are archived to files',
  })
  @IsInt()
  @Min(1)
  @Max(1_200)
  onlineMonths: number = 12;

  @Env('LGSP_LEDGER_SETTLE_MS', {
    describe:
      'how long after its deadline a command that the outside system does not know is still believed to arrive there',
  })
  @IsInt()
  @Min(0)
  @Max(3_600_000)
  settleMs: number = 30_000;
}
