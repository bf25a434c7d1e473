// SPDX-License-Identifier: Apache-2.0
//
// Writes each dashboard as JSON into the folder that is named, or with --check compares what lies there. Either way each
// must be what Grafana's schema allows.
import Ajv from 'ajv';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {createGenerator} from 'ts-json-schema-generator';
import {aggregator} from './aggregator';
import {collectorsBoard} from './collectors';
import {ispOperator} from './isp_operator';
import {nationalFigures} from './national_figures';
import {telescope} from './telescope';
import {telescopeSources} from './telescope_sources';

const dashboards = {
  'aggregator': aggregator,
  'collectors': collectorsBoard,
  'isp_operator': ispOperator,
  'national_figures': nationalFigures,
  'telescope': telescope,
  'telescope_sources': telescopeSources,
};

// Of the type Dashboard in Grafana's package. A query is of its data source: what that adds is not in it.
function grafanaSchema() {
  const schema = createGenerator({
    path: require.resolve('@grafana/grafana-foundation-sdk/dashboard').replace(/\.js$/, '.d.ts'),
    type: 'Dashboard',
    skipTypeCheck: true,
  }).createSchema('Dashboard') as any;
  schema.definitions['Dataquery'].additionalProperties = true;
  return schema;
}

const isCheck = process.argv.includes('--check');
const folder = process.argv[process.argv.length - 1];
const isDashboard = new Ajv({strict: false, allErrors: true}).compile(grafanaSchema());
let wrong = 0;
for (const [name, builder] of Object.entries(dashboards)) {
  const text = JSON.stringify(builder.build(), null, 2) + '\n';
  const path = join(folder, `${name}.json`);
  if (!isDashboard(JSON.parse(text))) {
    console.error(`${path}: not what Grafana's schema allows: ${JSON.stringify(isDashboard.errors, null, 1)}`);
    ++wrong;
  } else if (!isCheck) {
    writeFileSync(path, text);
  } else if (readFileSync(path, 'utf8') !== text) {
    console.error(`${path}: not what dashboards/source makes; run dashboards/make`);
    ++wrong;
  }
}
if (wrong > 0) process.exit(1);
console.log(`${Object.keys(dashboards).length} dashboards: ${isCheck ? 'current' : 'written'}, as Grafana's schema says`);
