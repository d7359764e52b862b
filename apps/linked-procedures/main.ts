import { runConnector } from '#lgsp/kit';
import { OperatorsService } from './desk/operators.service';
import { ProceduresDesk } from './desk/procedures.desk';
import { LinkedProcedures } from './intake/linked.procedures';
import { LinkedProceduresConfig } from './linked-procedures.config';
import { linkedProcedures, LinkedProceduresAdapter } from './linked-procedures.connector';
import { ProceduresEngine } from './process/procedures.engine';

void runConnector({
  definition: linkedProcedures,
  adapter: LinkedProceduresAdapter,
  providers: [ProceduresEngine, LinkedProcedures, ProceduresDesk, OperatorsService],
  config: LinkedProceduresConfig,
});
