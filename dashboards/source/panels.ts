// SPDX-License-Identifier: Apache-2.0
//
// How a panel of Kansoku looks: a drawing says what it shows, in plain data, and these functions make Grafana's panels of
// it. Each has a description and a link to where its numbers are defined, which the type demands.
import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import * as table from '@grafana/grafana-foundation-sdk/table';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';

// A line, number or bar; `legend` may name labels: {{point}}.
export interface Query {
  expr: string;
  legend: string;
}

// From `value` on a number has this colour; without it, from the least on.
export interface Threshold {
  value: number | null;
  color: string;
}

export interface Drawing {
  title: string;
  description: string;
  definition: string; // page and heading below docs/: metrics.md, figures.md#all-figures
  queries: Query[];
  unit: string; // as Grafana calls it: bps, pps, decbytes, percentunit, s, short, none
  decimals?: number;
  min?: number;
  max?: number;
  softMax?: number; // a line that stays below does not fill the panel
  thresholds?: Threshold[];
  mappings?: dashboard.ValueMapping[];
  noValue?: string; // printed where there is no number
  width?: number; // of 24
  height?: number;
  timeFrom?: string; // a span of its own instead of the dashboard's: 5y
}

// Where nothing has gone wrong there is no series: then 0, of the label's value none.
export const orNone = (expr: string, label: string) =>
  `${expr} or label_replace(vector(0), "${label}", "none", "", "")`;

export const source: common.DataSourceRef = {type: 'prometheus', uid: '${source}'};

// What stands on every kind of panel.
interface AnyPanel {
  title(text: string): this;
  description(text: string): this;
  datasource(ref: common.DataSourceRef): this;
  links(links: dashboard.DashboardLinkBuilder[]): this;
  targets(targets: prometheus.DataqueryBuilder[]): this;
  unit(unit: string): this;
  span(width: number): this;
  height(height: number): this;
  decimals(decimals: number): this;
  min(min: number): this;
  max(max: number): this;
  thresholds(config: dashboard.ThresholdsConfigBuilder): this;
  colorScheme(color: dashboard.FieldColorBuilder): this;
  mappings(mappings: dashboard.ValueMapping[]): this;
  noValue(text: string): this;
  timeFrom(span: string): this;
  maxDataPoints(points: number): this;
}

// However long its span and wide its panel, a query asks for no more moments: Prometheus refuses one that reads too much.
const mostMoments = 300;

function query(from: Query, index: number, isInstant: boolean): prometheus.DataqueryBuilder {
  const built = new prometheus.DataqueryBuilder()
    .datasource(source)
    .refId(String.fromCharCode('A'.charCodeAt(0) + index))
    .expr(from.expr)
    .legendFormat(from.legend);
  return isInstant ? built.instant() : built.range();
}

function drawn<P extends AnyPanel>(panel: P, drawing: Drawing, isInstant: boolean): P {
  panel
    .title(drawing.title)
    .description(drawing.description)
    .datasource(source)
    .links([
      new dashboard.DashboardLinkBuilder('Definition')
        .type(dashboard.DashboardLinkType.Link)
        .url(`\${documents}/${drawing.definition.replace('.md', '.html')}`)
        .targetBlank(true),
    ])
    .targets(drawing.queries.map((one, index) => query(one, index, isInstant)))
    .unit(drawing.unit)
    .span(drawing.width ?? 12)
    .height(drawing.height ?? 8)
    .maxDataPoints(mostMoments);
  if (drawing.decimals !== undefined) panel.decimals(drawing.decimals);
  if (drawing.min !== undefined) panel.min(drawing.min);
  if (drawing.max !== undefined) panel.max(drawing.max);
  if (drawing.mappings !== undefined) panel.mappings(drawing.mappings);
  if (drawing.noValue !== undefined) panel.noValue(drawing.noValue);
  if (drawing.timeFrom !== undefined) panel.timeFrom(drawing.timeFrom);
  panel.thresholds(
    new dashboard.ThresholdsConfigBuilder()
      .mode(dashboard.ThresholdsMode.Absolute)
      .steps(drawing.thresholds ?? [{value: null, color: 'blue'}]),
  );
  return panel;
}

const colorOf = (mode: dashboard.FieldColorModeId) => new dashboard.FieldColorBuilder().mode(mode);

// One number for each query, as it is now, with the line of the dashboard's time behind it where `isLine`.
export function number(drawing: Drawing, isLine = false): stat.PanelBuilder {
  return drawn(new stat.PanelBuilder(), {width: 6, height: 5, ...drawing}, !isLine)
    .colorScheme(colorOf(dashboard.FieldColorModeId.Thresholds))
    .graphMode(isLine ? common.BigValueGraphMode.Area : common.BigValueGraphMode.None)
    .colorMode(common.BigValueColorMode.Value)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']));
}

// Of what is counted few are little, and none is no reason for an axis up to a hundred; nor for one of thousandths of a packet.
const softMaxOf: Record<string, number> = {pps: 5, cps: 1, none: 1};

export function lines(drawing: Drawing): timeseries.PanelBuilder {
  const isBounded = drawing.thresholds !== undefined;
  const softMax = drawing.softMax ?? softMaxOf[drawing.unit];
  const panel = drawn(new timeseries.PanelBuilder(), {min: 0, ...drawing}, false);
  if (softMax !== undefined) panel.axisSoftMax(softMax);
  return panel
    .colorScheme(colorOf(dashboard.FieldColorModeId.PaletteClassic))
    .lineWidth(1)
    .fillOpacity(8)
    .thresholdsStyle(
      new common.GraphThresholdsStyleConfigBuilder().mode(
        isBounded ? common.GraphThresholdsStyleMode.Dashed : common.GraphThresholdsStyleMode.Off,
      ),
    )
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .showLegend(true)
        .calcs([]),
    )
    .tooltip(
      new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending),
    );
}

// Lines on top of each other, for what adds up.
export function stacked(drawing: Drawing): timeseries.PanelBuilder {
  return lines(drawing)
    .fillOpacity(40)
    .stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group('A'));
}

// Months stand far apart: points, and lines between them.
export function months(drawing: Drawing): timeseries.PanelBuilder {
  return lines(drawing).spanNulls(true).showPoints(common.VisibilityMode.Always).pointSize(5).fillOpacity(0);
}

export function bars(drawing: Drawing): bargauge.PanelBuilder {
  return drawn(new bargauge.PanelBuilder(), {min: 0, ...drawing}, true)
    .colorScheme(colorOf(dashboard.FieldColorModeId.PaletteClassic))
    .orientation(common.VizOrientation.Horizontal)
    .displayMode(common.BarGaugeDisplayMode.Basic)
    .valueMode(common.BarGaugeValueMode.Text)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']));
}

// 1 is as it should be.
export const holds: dashboard.ValueMapping[] = [
  {
    type: dashboard.MappingType.ValueToText,
    options: {'0': {text: 'no', color: 'red', index: 0}, '1': {text: 'yes', color: 'green', index: 1}},
  },
];

export const isGood: Threshold[] = [
  {value: null, color: 'red'},
  {value: 1, color: 'green'},
];

// None is as it should be.
export const isNone: Threshold[] = [
  {value: null, color: 'green'},
  {value: 1e-9, color: 'red'},
];

// Each line a bar that changes its colour: for what holds or does not.
export function states(drawing: Drawing): statetimeline.PanelBuilder {
  return drawn(new statetimeline.PanelBuilder(), {mappings: holds, thresholds: isGood, ...drawing}, false)
    .colorScheme(colorOf(dashboard.FieldColorModeId.Thresholds))
    .showValue(common.VisibilityMode.Never)
    .mergeValues(true)
    .rowHeight(0.85);
}

// A row for each series, a column for each of its labels; the time and the value are left out.
export function labels(drawing: Drawing): table.PanelBuilder {
  const built = drawn(new table.PanelBuilder(), drawing, true).transformations([
    {id: 'labelsToFields', options: {mode: 'columns'}},
    {id: 'merge', options: {}},
    {id: 'organize', options: {excludeByName: {Time: true, Value: true, __name__: true, instance: true, job: true}}},
  ]);
  return built;
}
