import { runProcess, runTask } from '#lgsp/kit';
import { startLedger } from './ledger';
import { LedgerConfig } from './ledger.config';
import { runLedgerTask } from './ledger.tasks';

const [task, ...args] = process.argv.slice(2);

if (task === undefined) void runProcess('ledger', LedgerConfig, startLedger);
else void runTask('ledger', LedgerConfig, (config, log) => runLedgerTask(task, args, config, log));
