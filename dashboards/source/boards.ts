// SPDX-License-Identifier: Apache-2.0
//
// What all dashboards share: their data source, their variables, the links between them.
import * as cog from '@grafana/grafana-foundation-sdk/cog';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import {source} from './panels';

// Where the pages that docs/html/make makes are served; relative to Grafana's own address unless it is a URL. Grafana serves
// its folder public itself.
const documents = process.env.KANSOKU_DOCUMENTS ?? '/public/kansoku';

export type Row = {title: string; panels: cog.Builder<dashboard.Panel>[]};

export function board(
  uid: string, title: string, description: string, tags: string[], from: string, rows: Row[],
  variables: cog.Builder<dashboard.VariableModel>[],
): dashboard.DashboardBuilder {
  const built = new dashboard.DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags(['kansoku', ...tags])
    .time({from, to: 'now'})
    .timezone('Asia/Tokyo')
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .refresh('1m')
    .link(
      new dashboard.DashboardLinkBuilder('Kansoku')
        .type(dashboard.DashboardLinkType.Dashboards)
        .tags(['kansoku'])
        .asDropdown(true)
        // Years of months are no span for the others.
        .keepTime(!from.endsWith('y')),
    )
    .withVariable(new dashboard.DatasourceVariableBuilder('source').label('Data source').type('prometheus'))
    .withVariable(
      new dashboard.ConstantVariableBuilder('documents').label('Documents').value(documents),
    );
  for (const variable of variables) built.withVariable(variable);
  for (const row of rows) {
    built.withRow(new dashboard.RowBuilder(row.title));
    for (const panel of row.panels) built.withPanel(panel);
  }
  return built;
}

// The values of a label, several of them or all by name. Where `within` is given, of the series that it selects.
function listed(name: string, label: string, metric: string, within = ''): dashboard.QueryVariableBuilder {
  return new dashboard.QueryVariableBuilder(name)
    .label(label)
    .datasource(source)
    .query({qryType: 1, query: `label_values(${metric}${within}, ${name})`, refId: name})
    .definition(`label_values(${metric}${within}, ${name})`)
    .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
    .sort(dashboard.VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .current({selected: true, text: ['All'], value: ['$__all']});
}

// The same, but that all of them is whatever there is, also series without the label.
export function choice(name: string, label: string, metric: string, within = ''): dashboard.QueryVariableBuilder {
  return listed(name, label, metric, within).allValue('.*');
}

// A point in no region is among those of all regions. Only this series says where a point is, so that in others a region
// is its points and collectors by name, also where all of them are chosen.
const info = 'kansoku_point_info';
export const isps = choice('isp', 'ISP', info);
export const regions = choice('region', 'Region', info, '{isp=~"$isp"}');
export const collectorsIn = listed('collector', 'Collector', info, '{isp=~"$isp",region=~"$region"}');
export const pointsOf = (those: string) => listed('point', 'Point', info, `{isp=~"$isp",region=~"$region"${those}}`);
