import { runProcess } from '#lgsp/kit';
import { startLedger } from './ledger';
import { LedgerConfig } from './ledger.config';

void runProcess('ledger', LedgerConfig, startLedger);
