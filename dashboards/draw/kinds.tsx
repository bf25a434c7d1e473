// SPDX-License-Identifier: Apache-2.0
//
// Each kind of panel, with what Grafana has for it.
import {
  DataFrame, DisplayProcessor, Field, FieldColorModeId, FieldType, getDisplayProcessor, GrafanaTheme2, TimeRange,
  VizOrientation,
} from '@grafana/data';
import {
  BarGauge, BarGaugeDisplayMode, BigValue, BigValueColorMode, BigValueGraphMode, PointVisibility, TimeSeries,
} from '@grafana/ui';
import * as React from 'react';
import {Series} from './prometheus';

// Without Grafana's registry of settings, a field has to be told each itself.
function fieldOf(series: Series, panel: any, index: number, theme: GrafanaTheme2): Field {
  const {defaults} = panel.fieldConfig;
  // A sample that stands alone is a point, as Grafana has it where nothing is said.
  const custom = {showPoints: PointVisibility.Auto, pointSize: 5, ...defaults.custom};
  const field: Field = {
    name: series.name, type: FieldType.number, values: series.values, labels: {},
    config: {...defaults, custom, displayName: series.name || panel.title}, state: {seriesIndex: index},
  };
  field.display = getDisplayProcessor({field, theme, timeZone: 'Asia/Tokyo'});
  return field;
}

function frameOf(series: Series, panel: any, index: number, theme: GrafanaTheme2): DataFrame {
  const time: Field = {name: 'time', type: FieldType.time, values: series.times, config: {}};
  return {fields: [time, fieldOf(series, panel, index, theme)], length: series.times.length};
}

const last = (series: Series) => series.values.filter((value) => value !== null).at(-1);

function Nothing({panel}: {panel: any}) {
  const text = panel.fieldConfig.defaults.noValue ?? 'No data';
  return <div style={{padding: 12, fontSize: 20, color: '#888'}}>{text}</div>;
}

function numbers(panel: any, all: Series[], theme: GrafanaTheme2, width: number, height: number) {
  const isLine = panel.options.graphMode === 'area';
  return (
    <div style={{display: 'flex'}}>
      {all.map((series, index) => {
        const field = fieldOf(series, panel, index, theme);
        const value = field.display!(last(series));
        const time: Field = {name: 'time', type: FieldType.time, values: series.times, config: {}};
        const known = series.values.filter((value) => value !== null);
        const [min, max] = [Math.min(...known), Math.max(...known)];
        const line = {x: time, y: {...field, state: {...field.state, range: {min, max, delta: max - min}}}};
        return (
          <BigValue
            key={index} theme={theme} width={width / all.length} height={height}
            value={{...value, title: all.length > 1 ? series.name : undefined}}
            colorMode={BigValueColorMode.Value} graphMode={isLine ? BigValueGraphMode.Area : BigValueGraphMode.None}
            sparkline={isLine ? line : undefined}
          />
        );
      })}
    </div>
  );
}

function bars(panel: any, all: Series[], theme: GrafanaTheme2, width: number, height: number) {
  const most = Math.max(...all.map((series) => last(series) ?? 0));
  const longest = all.reduce((name, series) => (series.name.length > name.length ? series.name : name), '');
  return (
    <div>
      {all.map((series, index) => {
        const field = fieldOf(series, panel, index, theme);
        const value = field.display!(last(series));
        const {palette} = theme.visualization;
        const color = theme.visualization.getColorByName(palette[index % palette.length]);
        const fixed = {mode: FieldColorModeId.Fixed, fixedColor: color};
        return (
          <BarGauge
            key={index} theme={theme} width={width} height={Math.min(40, height / all.length - 4)}
            value={{...value, color, title: series.name}} display={field.display as DisplayProcessor}
            field={{...field.config, min: 0, max: field.config.max ?? most, color: fixed}}
            alignmentFactors={{title: longest, text: '999.99 K'}}
            orientation={VizOrientation.Horizontal} displayMode={BarGaugeDisplayMode.Basic}
            itemSpacing={4} lcdCellWidth={12}
          />
        );
      })}
    </div>
  );
}

function states(panel: any, all: Series[], theme: GrafanaTheme2, range: TimeRange) {
  const from = range.from.valueOf();
  const span = range.to.valueOf() - from;
  return (
    <div style={{fontSize: 12, padding: 4}}>
      {all.map((series, index) => {
        const display = fieldOf(series, panel, index, theme).display!;
        return (
          <div key={index} style={{display: 'flex', height: 22}}>
            <span style={{width: 160}}>{series.name}</span>
            <svg style={{flex: 1}} viewBox="0 0 1000 20" preserveAspectRatio="none" height={18}>
              {series.times.map((time, at) => {
                const end = series.times[at + 1] ?? range.to.valueOf();
                return (
                  <rect key={at} x={(1000 * (time - from)) / span} width={(1000 * (end - time)) / span + 1} height={20}
                    fill={display(series.values[at]).color} />
                );
              })}
            </svg>
          </div>
        );
      })}
    </div>
  );
}

function table(all: Series[]) {
  const columns = [...new Set(all.flatMap((series) => Object.keys(series.labels)))];
  return (
    <table style={{fontSize: 12, borderSpacing: '12px 2px'}}>
      <thead><tr>{columns.map((name) => <th key={name} style={{textAlign: 'left'}}>{name}</th>)}</tr></thead>
      <tbody>
        {all.map(({labels}, index) => <tr key={index}>{columns.map((name) => <td key={name}>{labels[name]}</td>)}</tr>)}
      </tbody>
    </table>
  );
}

export function drawn(
  panel: any, all: Series[], range: TimeRange, theme: GrafanaTheme2, width: number, height: number,
): React.ReactElement {
  if (all.length === 0) return <Nothing panel={panel} />;
  switch (panel.type) {
    case 'stat': return numbers(panel, all, theme, width, height);
    case 'bargauge': return bars(panel, all, theme, width, height);
    case 'state-timeline': return states(panel, all, theme, range);
    case 'table': return table(all);
    case 'timeseries':
      return (
        <TimeSeries
          frames={all.map((series, index) => frameOf(series, panel, index, theme))} timeRange={range}
          timeZone="Asia/Tokyo" width={width} height={height} legend={panel.options.legend} options={panel.options}
        />
      );
    default: return <>{`no drawing for ${panel.type}`}</>;
  }
}
