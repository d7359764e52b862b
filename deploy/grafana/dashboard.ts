import {
  ConstantVariableBuilder,
  DashboardBuilder,
  DashboardLinkBuilder,
  DashboardLinkType,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
  type Dashboard,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { metricTable } from '#lgsp/telemetry';
import { buildPanel, buildText, type PanelSpec } from './panel';
import { sources } from './query';

export interface DashboardSpec {
  /** Part of its address: alerts and other dashboards name it. */
  uid: string;
  title: string;
  description: string;
  /** What it is about, chosen at its head: the values of a label of a metric. */
  variable?: { name: 'system' | 'client'; label: string; metric: string };
  /** How far back it looks at first. */
  from: string;
  rows: readonly { title: string; panels: readonly PanelSpec[] }[];
  /** How one comes from here to single transactions, in Markdown. */
  onwards?: string;
}

/** Addresses of the deployment, until place.mjs writes others into the files. */
const addresses = { gateway: 'http://127.0.0.1:8080', runbooks: 'http://127.0.0.1:8000/docs/operations' };

/** The metrics of the bus that a text names, by their names in the metric table: without what a histogram adds. */
export function metricsIn(text: string): string[] {
  const names = [...text.matchAll(/\blgsp_[a-z0-9_]+\b/g)].map(([name]) => name);
  return [...new Set(names.map((name) => (name in metricTable ? name : name.replace(/_(bucket|sum|count)$/, ''))))];
}

/** Whether the processes export all that a panel shows. Only one that says what it comes with may wait for it. */
const isThere = ({ comesWith, queries }: PanelSpec): boolean =>
  comesWith === undefined || queries.every(({ text }) => metricsIn(text).every((name) => name in metricTable));

/** The panels of a dashboard in their order, each with its id in Grafana. */
export function panelsOf({ rows }: DashboardSpec): { id: number; row: string; panel: PanelSpec }[] {
  const all = rows.flatMap(({ title, panels }) => panels.map((panel) => ({ row: title, panel })));
  return all.filter(({ panel }) => isThere(panel)).map((one, index) => ({ id: index + 1, ...one }));
}

export function buildDashboard(spec: DashboardSpec): Dashboard {
  const { uid, title, description, from, variable, onwards } = spec;
  const dashboard = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags(['lgsp'])
    .readonly()
    .refresh('30s')
    .time({ from, to: 'now' })
    .timezone('Asia/Ho_Chi_Minh')
    .link(others());
  for (const [name, value] of Object.entries(addresses))
    dashboard.withVariable(new ConstantVariableBuilder(name).value(value));
  if (variable) dashboard.withVariable(chosen(variable));
  let row = '';
  for (const { id, row: title, panel } of panelsOf(spec)) {
    if (title !== row) dashboard.withRow(new RowBuilder(title).id(1_000 + id));
    row = title;
    dashboard.withPanel(buildPanel(panel, id));
  }
  if (onwards) {
    const about = 'The way from these figures to single transactions, by the command line of the bus.';
    dashboard.withPanel(buildText('Từ biểu đồ tới giao dịch', about, onwards, 999));
  }
  return dashboard.build();
}

const chosen = ({ name, label, metric }: NonNullable<DashboardSpec['variable']>): QueryVariableBuilder =>
  new QueryVariableBuilder(name)
    .label(label)
    .datasource(sources.prometheus)
    .query(`label_values(${metric}, ${name})`)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc);

const others = (): DashboardLinkBuilder =>
  new DashboardLinkBuilder('LGSP').type(DashboardLinkType.Dashboards).tags(['lgsp']).keepTime(true);
