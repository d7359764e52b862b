/** The contract kit: `describeConnector` tries everything that any connector must keep. */
export * from './describe.connector';
export * from './connector.harness';
