import { runConnector } from '#lgsp/kit';
import { linkedProceduresParts } from './linked-procedures.parts';

void runConnector(linkedProceduresParts);
