import type { Report } from '#lgsp/records';
import type { Catalogue } from '../catalogue/catalogue';
import { reportPage } from './page/report.page';
import { reportCsv } from './report.csv';
import type { ReportFormat } from './report.request';
import type { SystemNames } from './report.words';
import { reportXlsx } from './report.xlsx';

/** Writes a report in the form that was asked for, with the names of systems as they call themselves. */
export class ReportWriter {
  /** @param issuer whose reports these are: stands at the head of a printed one */
  constructor(
    private readonly catalogue: Catalogue,
    private readonly issuer: string | undefined,
  ) {}

  write(report: Report, format: ReportFormat): string | Buffer | Promise<Buffer> {
    switch (format) {
      case 'json':
        return JSON.stringify(report);
      case 'csv':
        return reportCsv(report);
      case 'xlsx':
        return reportXlsx(report, this.systemNames());
      case 'html':
        return reportPage({ report, systems: this.systemNames(), issuer: this.issuer });
    }
  }

  /** Without what follows in brackets or after a colon. */
  private systemNames(): SystemNames {
    const names = this.catalogue
      .list()
      .map(({ system, summaryVi }) => [system, summaryVi?.split(/[:(]/)[0]!.trim()] as const);
    return new Map(names.filter((pair): pair is [string, string] => Boolean(pair[1])));
  }
}
