/** Under which Nest gives the process's log: `@Inject(ledgerLog) private readonly log: Logger`. */
export const ledgerLog = Symbol('log of the ledger');
