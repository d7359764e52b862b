import { Command } from 'commander';
import { askGateway } from './gateway.client';
import type { Settings } from './settings';
import { drawColumns } from './table';

/** The part of `GET /v1/services` that the command line shows. */
export interface ServiceCatalogue {
  systems: {
    system: string;
    status: string;
    operations: {
      operation: string;
      version: string;
      kind: string;
      requires: string[];
      timeoutMs: number;
      deprecatedSince?: string;
      sunsetOn?: string;
      summary: string;
      example?: { input?: unknown };
    }[];
  }[];
}

/** `lgsp services` */
export function servicesCommand(settings: Settings): Command {
  return new Command('services')
    .description('what can be called, and whether it is up')
    .option('--json', 'the whole catalogue, with schemas and examples')
    .action(async ({ json }: { json?: boolean }) => {
      const { body } = await askGateway(settings, '/v1/services');
      process.stdout.write(`${json ? JSON.stringify(body, null, 2) : draw(body as ServiceCatalogue)}\n`);
    });
}

function draw({ systems }: ServiceCatalogue): string {
  const lines = systems.flatMap(({ system, status, operations }) =>
    operations.map(({ operation, version, kind, requires, timeoutMs, summary, ...dates }) => [
      version.startsWith('1.') ? `${system}.${operation}` : `${system}.v${version.split('.')[0]}.${operation}`,
      status,
      kind,
      version,
      `${timeoutMs / 1_000} s`,
      requires.join(' '),
      summary + deprecationText(dates),
    ]),
  );
  return drawColumns([['operation', 'status', 'kind', 'version', 'time', 'requires', 'what it does'], ...lines], [4]);
}

const deprecationText = ({ deprecatedSince, sunsetOn }: { deprecatedSince?: string; sunsetOn?: string }): string =>
  deprecatedSince === undefined
    ? ''
    : ` (deprecated since ${deprecatedSince}${sunsetOn === undefined ? '' : `, until ${sunsetOn}`})`;
