import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingMode,
  TooltipDisplayMode,
} from '@grafana/grafana-foundation-sdk/common';
import * as common from '@grafana/grafana-foundation-sdk/common';
import {
  DashboardLinkBuilder,
  DashboardLinkType,
  MappingType,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type Panel,
  type ValueMap,
} from '@grafana/grafana-foundation-sdk/dashboard';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as table from '@grafana/grafana-foundation-sdk/table';
import * as text from '@grafana/grafana-foundation-sdk/text';
import * as timeline from '@grafana/grafana-foundation-sdk/statetimeline';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import type { AlertName } from './alerts';
import { sources, type Query } from './query';

/** Units of Grafana that are in use. `none` is for states and names. */
export type Unit = 'short' | 'reqps' | 's' | 'percentunit' | 'percent' | 'bytes' | 'none';

export type Colour = 'green' | 'yellow' | 'orange' | 'red' | 'blue' | 'text';

/** One panel, before it is Grafana's. */
export interface PanelSpec {
  /** In Vietnamese. */
  title: string;
  /** In English: what is shown, what is good, and which process or exporter it needs. */
  description: string;
  /** `lines` over time, `areas` stacked over time, a `number`, a `table`, `states` over time. */
  kind: 'lines' | 'areas' | 'number' | 'table' | 'states';
  unit: Unit;
  queries: readonly Query[];
  /** Of 24 columns, and of rows of 30 pixels. */
  width: number;
  height: number;
  /** From which value on which colour; the first one has no bound. */
  steps?: readonly [undefined | number, Colour][];
  /** What single values mean. */
  words?: Readonly<Record<string, [string, Colour]>>;
  /** The highest value that can be, so that the scale does not follow the data. */
  max?: number;
  /** Alerts whose cause is seen here: each with a link to its runbook. */
  alerts?: readonly AlertName[];
  /** Where a click on a series or a row leads. */
  leadsTo?: { title: string; url: string };
  /** What columns of a table have of their own. */
  overrides?: Readonly<Record<string, Pick<PanelSpec, 'words' | 'leadsTo'> & { unit?: Unit }>>;
  /** Columns of a table that tell nobody anything. */
  hidden?: readonly string[];
  /** Queries that find nothing on a bus that is well, by their place, and why. */
  seldom?: Readonly<Record<number, string>>;
  /** The branch of the bus that its metrics come with: left out while no process exports them. */
  comesWith?: string;
}

/** `LgspConnectorDown` → `connector-down`, the name of its runbook. */
export const runbookOf = (alert: AlertName): string =>
  alert
    .replace(/^Lgsp/, '')
    .replaceAll(/(?!^)[A-Z]/g, '-$&')
    .toLowerCase();

export function buildPanel(spec: PanelSpec, id: number): Builder<Panel> {
  const { title, description, unit, width, height, queries, steps, alerts = [], leadsTo } = spec;
  const source = sources[queries[0]!.source];
  const panel = builderOf(spec)
    .id(id)
    .title(title)
    .description(description)
    .unit(unit)
    .span(width)
    .height(height)
    .datasource(source)
    .targets(queries.map((query, nth) => query.build(String.fromCodePoint(65 + nth))));
  panel.links(alerts.map((alert) => link(`Sổ tay: ${alert}`, `\${runbooks}/${runbookOf(alert)}.md`)));
  if (leadsTo) panel.dataLinks([link(leadsTo.title, leadsTo.url)]);
  if (spec.words) panel.mappings([wordsOf(spec.words)]);
  if (steps) panel.thresholds(thresholdsOf(steps));
  if (spec.max !== undefined) panel.min(0).max(spec.max);
  for (const [name, own] of Object.entries(spec.overrides ?? {})) {
    const properties = [
      own.unit && { id: 'unit', value: own.unit },
      own.words && { id: 'mappings', value: [wordsOf(own.words)] },
      own.leadsTo && { id: 'links', value: [own.leadsTo] },
    ];
    panel.overrideByName(
      name,
      properties.filter((property) => property !== undefined),
    );
  }
  if (spec.hidden)
    panel.withTransformation({
      id: 'organize',
      options: { excludeByName: Object.fromEntries(spec.hidden.map((name) => [name, true])) },
    });
  return panel;
}

/** A panel of words. */
export function buildText(title: string, description: string, content: string, id: number): Builder<Panel> {
  const panel = new text.PanelBuilder().id(id).title(title).description(description).span(24).height(7);
  return panel.mode(text.TextMode.Markdown).content(content);
}

type AnyBuilder = timeseries.PanelBuilder | stat.PanelBuilder | table.PanelBuilder | timeline.PanelBuilder;

/** What all kinds have in common is set by `buildPanel`; they are of one shape there. */
function builderOf({ kind, steps }: PanelSpec): timeseries.PanelBuilder {
  return kinds[kind](steps !== undefined) as timeseries.PanelBuilder;
}

const kinds: Record<PanelSpec['kind'], (coloured: boolean) => AnyBuilder> = {
  lines: () => overTime().fillOpacity(5).lineWidth(2),
  areas: () =>
    overTime().fillOpacity(60).lineWidth(1).stacking(new common.StackingConfigBuilder().mode(StackingMode.Normal)),
  number: (coloured) =>
    new stat.PanelBuilder()
      .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']))
      .graphMode(common.BigValueGraphMode.None)
      .colorMode(coloured ? common.BigValueColorMode.Background : common.BigValueColorMode.Value),
  table: () => new table.PanelBuilder().cellHeight(common.TableCellHeight.Sm),
  states: () =>
    new timeline.PanelBuilder()
      .mergeValues(true)
      .showValue(common.VisibilityMode.Never)
      .legend(legend(LegendDisplayMode.List)),
};

const overTime = (): timeseries.PanelBuilder =>
  new timeseries.PanelBuilder()
    .legend(legend(LegendDisplayMode.List))
    .tooltip(new common.VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));

const legend = (mode: LegendDisplayMode): common.VizLegendOptionsBuilder =>
  new common.VizLegendOptionsBuilder().displayMode(mode).placement(LegendPlacement.Bottom).showLegend(true);

const link = (title: string, url: string): DashboardLinkBuilder =>
  new DashboardLinkBuilder(title).type(DashboardLinkType.Link).url(url);

const thresholdsOf = (steps: NonNullable<PanelSpec['steps']>): ThresholdsConfigBuilder =>
  new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps(steps.map(([value = null, color]) => ({ value, color })));

const wordsOf = (words: NonNullable<PanelSpec['words']>): ValueMap => ({
  type: MappingType.ValueToText,
  options: Object.fromEntries(
    Object.entries(words).map(([value, [said, color]], index) => [value, { text: said, color, index }]),
  ),
});
