import { ProceduresController } from './desk/procedures.controller';
import { ProceduresDesk } from './desk/procedures.desk';
import { LinkedProceduresConfig } from './linked-procedures.config';
import { linkedProcedures, LinkedProceduresAdapter } from './linked-procedures.connector';
import { LinkedProcedures } from './intake/linked.procedures';
import { ProceduresEngine } from './process/procedures.engine';

/** What the process is made of: for `main.ts`, and for tests. */
export const linkedProceduresParts = {
  definition: linkedProcedures,
  adapter: LinkedProceduresAdapter,
  providers: [ProceduresEngine, LinkedProcedures, ProceduresDesk],
  controllers: [ProceduresController],
  config: LinkedProceduresConfig,
};
