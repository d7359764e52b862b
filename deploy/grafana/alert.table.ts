import { book } from './book.dashboard';
import { client } from './client.dashboard';
import { connection } from './connection.dashboard';
import type { AlertName } from './alerts';
import type { DashboardSpec } from './dashboard';
import { runbookOf, type PanelSpec } from './panel';
import { platform } from './platform.dashboard';
import { now } from './query';

/** Where the cause of an alert is seen; the first one that names it. What none of them does is seen where the table is. */
const looksAt: readonly DashboardSpec[] = [connection, client, book, platform];
const here = 'lgsp-overview';

const alertsOf = ({ rows }: DashboardSpec): AlertName[] =>
  rows.flatMap(({ panels }) => panels.flatMap(({ alerts = [] }) => alerts));

/** The dashboard that an alert leads to. */
export const dashboardOf = (alert: AlertName): string =>
  looksAt.find((dashboard) => alertsOf(dashboard).includes(alert))?.uid ?? here;

/** @param alerts every alert that there is */
export function alertTable(alerts: readonly AlertName[]): PanelSpec {
  const firing = 'max by (alertname, severity, system, client, part, fault) (ALERTS{alertstate="firing"})';
  const query = looksAt.reduce((inner, { uid }) => {
    const names = alerts.filter((alert) => dashboardOf(alert) === uid);
    return `label_replace(${inner}, "dashboard", "${uid}", "alertname", "${names.join('|')}")`;
  }, `label_replace(${firing}, "dashboard", "${here}", "", "")`);
  return {
    title: 'Cảnh báo đang bật',
    description:
      'Alerts that fire now. A click on the alert leads to its runbook, one on its dashboard to where the cause is seen. From the rules of Prometheus.',
    kind: 'table',
    unit: 'none',
    queries: [now(query)],
    width: 12,
    height: 10,
    hidden: ['Time', 'Value'],
    overrides: {
      alertname: {
        // As its runbook is called, so that the link can name it.
        words: Object.fromEntries(alerts.map((alert) => [alert, [runbookOf(alert), 'text']])),
        leadsTo: { title: 'Sổ tay', url: '${runbooks}/${__value.text}.md' },
      },
      dashboard: {
        leadsTo: {
          title: 'Nơi thấy nguyên nhân',
          url: '/d/${__value.raw}?var-system=${__data.fields.system}&var-client=${__data.fields.client}',
        },
      },
    },
    seldom: { 0: 'nothing fires while all is well' },
  };
}
