import { startConnector, type ConnectorParts } from './connector';
import type { ConnectorConfig } from './connector.config';
import { runProcess } from './run.process';

/** The main program of a connector. */
export function runConnector<C extends ConnectorConfig>(parts: ConnectorParts<C>): Promise<void> {
  return runProcess(parts.definition.name, parts.config, (config, log) => startConnector(parts, { config, log }));
}
