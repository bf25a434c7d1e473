// SPDX-License-Identifier: Apache-2.0
//
// Writes each dashboard as JSON into the folder that is named, or with --check compares what lies there. Either way each
// must be what Grafana's types allow.
import Ajv from 'ajv';
import {readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
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

function schemaOf(types: string, type: string): any {
  return createGenerator({path: types, type, skipTypeCheck: true}).createSchema(type);
}

const judgeOf = (schema: any) => new Ajv({strict: false, allErrors: true}).compile(schema);

// Of the type Dashboard in the SDK. A query is of its data source: what that adds is not in it.
function dashboardJudge() {
  const types = require.resolve('@grafana/grafana-foundation-sdk/dashboard').replace(/\.js$/, '.d.ts');
  const schema = schemaOf(types, 'Dashboard');
  schema.definitions['Dataquery'].additionalProperties = true;
  return judgeOf(schema);
}

// A panel's options and what a field has of its own, which the type Dashboard leaves open, are judged by what the kind of
// panel is in Grafana's own package, which is of Grafana's version. Grafana puts in what is missing.
const kinds = ['bargauge', 'stat', 'state-timeline', 'table', 'timeseries'];

function panelJudge(kind: string, type: 'Options' | 'FieldConfig') {
  const folder = join(dirname(require.resolve('@grafana/schema/package.json')), 'dist/types/raw/composable');
  const schema = schemaOf(join(folder, kind.replace('-', ''), 'panelcfg/x/types.gen.d.ts'), type);
  const {properties} = schema.definitions[type];
  delete schema.definitions[type].required;
  // The SDK writes it for a Grafana before 13.
  if (kind === 'table' && type === 'Options') properties.footer = {};
  return judgeOf(schema);
}

const isDashboard = dashboardJudge();
const judges = Object.fromEntries(kinds.map((kind) =>
  [kind, {options: panelJudge(kind, 'Options'), custom: panelJudge(kind, 'FieldConfig')}]));

// What Grafana's types do not allow of a dashboard.
function breaches(board: any): string[] {
  const found = isDashboard(board) ? [] : [JSON.stringify(isDashboard.errors)];
  for (const panel of board.panels.filter((one: any) => one.type !== 'row')) {
    const {options, custom} = judges[panel.type];
    if (!options(panel.options ?? {})) found.push(`${panel.title}: options: ${JSON.stringify(options.errors)}`);
    if (!custom(panel.fieldConfig.defaults.custom ?? {})) found.push(`${panel.title}: custom: ${JSON.stringify(custom.errors)}`);
  }
  return found;
}

const isCheck = process.argv.includes('--check');
const folder = process.argv[process.argv.length - 1];
let wrong = 0;
for (const [name, builder] of Object.entries(dashboards)) {
  const text = JSON.stringify(builder.build(), null, 2) + '\n';
  const path = join(folder, `${name}.json`);
  const found = breaches(JSON.parse(text));
  if (found.length > 0) {
    for (const breach of found) console.error(`${path}: not what Grafana's types allow: ${breach}`);
    ++wrong;
  } else if (!isCheck) {
    writeFileSync(path, text);
  } else if (readFileSync(path, 'utf8') !== text) {
    console.error(`${path}: not what dashboards/source makes; run dashboards/make`);
    ++wrong;
  }
}
if (wrong > 0) process.exit(1);
console.log(`${Object.keys(dashboards).length} dashboards: ${isCheck ? 'current' : 'written'}, as Grafana's types say`);
