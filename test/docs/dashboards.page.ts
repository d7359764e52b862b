import { panelsOf, type DashboardSpec } from '../../deploy/grafana/dashboard';
import type { PanelSpec } from '../../deploy/grafana/panel';
import { generatedNote, markdownTable } from './pages';

/** docs/dashboards.md: every panel of every dashboard. */
export function dashboardsPage(
  dashboards: readonly DashboardSpec[],
  notShown: Readonly<Record<string, string>>,
): string {
  const sections = dashboards.map((dashboard) => {
    const { uid, title, description } = dashboard;
    const rows = panelsOf(dashboard).map(({ row, panel }) => [
      row,
      panel.title,
      about(panel),
      panel.unit,
      source(panel),
    ]);
    const head = ['row', 'panel', 'what it shows', 'unit', 'from'];
    return `## ${title} (\`${uid}\`)\n\n${description}\n\n${markdownTable(head, rows)}`;
  });
  const left = Object.entries(notShown).map(([name, why]) => `- \`${name}\`: ${why}`);
  return `# Dashboards

${generatedNote}Dashboards of Grafana, as code: [deploy/grafana](../deploy/grafana) holds the TypeScript they are made from, the JSON that Grafana reads
(\`deploy/grafana/dashboards\`), and the provisioning. Titles are Vietnamese, as operators read them; descriptions are English and say what is
good and which process a panel needs. No third-party exporter is scraped: what NATS and Redis do is seen from our processes, and
PostgreSQL is asked itself.

A test runs every query of every panel against a real Prometheus that scrapes the running bus under the demo's load and against a
PostgreSQL ledger, and names the panel that shows nothing; what only something exceptional fills is marked here with its reason.

## Set up

1. Prometheus with [deploy/prometheus](../deploy/prometheus).
2. The reading role, in the ledger's PostgreSQL: \`psql "$LGSP_DATABASE_URL" -v ON_ERROR_STOP=1 -f deploy/grafana/reader.sql\`, then its password with
   \`\\password lgsp_grafana\`. It may read counts by hour, day and month, and no transaction. The embedded database of a trial has no
   address, so there the panels of the book stay empty.
3. \`node deploy/grafana/place.mjs --gateway https://… --runbooks https://… --out /var/lib/grafana/dashboards/lgsp\` writes the dashboards with your
   addresses. \`--runbooks\` is where docs/operations is published.
4. \`deploy/grafana/provisioning\` goes to \`/etc/grafana/provisioning\`. Grafana's environment needs \`LGSP_PROMETHEUS_URL\`, \`LGSP_BOOK_ADDRESS\`
   (\`host:port\`), \`LGSP_BOOK_DATABASE\`, \`LGSP_BOOK_READER_PASSWORD\`.

## From an alert to the transaction

An alert that fires stands on *Tổng quan*: its name leads to its runbook (\`docs/operations\`), its dashboard to where the cause is seen, with the
system or the client chosen already. Each panel links the runbooks of its alerts too, and the foot of a dashboard holds the commands that find
the transactions behind it. A message of Alertmanager may link a dashboard by address: \`/d/lgsp-connection?var-system=<system>\`, \`/d/lgsp-client?var-client=<client>\`, \`/d/lgsp-book\`, \`/d/lgsp-platform\`.

Without Grafana: \`GET /status\` of a gateway, and \`npx lgsp top\`.

![State of the connections, as the page shows it](status.webp)

${sections.join('\n')}${left.length > 0 ? `\n## Metrics on no panel\n\n${left.join('\n')}\n` : ''}`;
}

function about({ description, alerts = [], seldom = {} }: PanelSpec): string {
  const reasons = Object.values(seldom).map((why) => `_May be empty: ${why}._`);
  const names = alerts.map((alert) => `\`${alert}\``);
  return [description, ...(names.length > 0 ? [`Alerts: ${names.join(', ')}.`] : []), ...reasons].join(' ');
}

const source = ({ queries }: PanelSpec): string => (queries[0]!.source === 'book' ? 'book (SQL)' : 'Prometheus');
