/** Whose reports these are: stands at the head of a printed one. */
export class ReportIssuer {
  constructor(readonly name?: string) {}
}
