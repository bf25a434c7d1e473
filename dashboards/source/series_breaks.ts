// SPDX-License-Identifier: Apache-2.0
//
// Marks on the time axis: where a series breaks, by the register's breaks.csv, and when a published month was revised.
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import {readFileSync} from 'node:fs';
import {source} from './panels';

// A line of RFC 4180 without line breaks in its cells, as the register has them.
function cells(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? plain : quoted.replaceAll('""', '"'));
}

// One series for each break. Its value is when the month began in Japan, which Grafana takes for its time.
function breakSeries(path: string): string {
  const [header, ...rows] = readFileSync(path, 'utf8').trim().split('\n').map(cells);
  const column = (row: string[], name: string) => row[header.indexOf(name)];
  return rows
    .map((row) => {
      const begin = Date.parse(`${column(row, 'month')}-01T00:00:00+09:00`);
      const what = `${column(row, 'series')}: ${column(row, 'reason_ja')} · ${column(row, 'reason_en')}`;
      if (Number.isNaN(begin) || /[$"\\]/.test(what)) throw new Error(`${path}: ${row.join(',')}: cannot be a mark`);
      return `label_replace(vector(${begin}), "what", "${what}", "", "")`;
    })
    .join(' or ');
}

const breaksPath = process.env.KANSOKU_BREAKS ?? 'deploy/register/breaks.csv';

export function breaks(): dashboard.AnnotationQueryBuilder {
  return new dashboard.AnnotationQueryBuilder()
    .name('系列の断絶 · Series breaks')
    .datasource(source)
    .enable(true)
    .iconColor('orange')
    .expr(breakSeries(breaksPath))
    .titleFormat('系列の断絶 · Series break')
    .textFormat('{{what}}')
    .useValueForTime(true);
}

export function revisions(): dashboard.AnnotationQueryBuilder {
  return new dashboard.AnnotationQueryBuilder()
    .name('改定 · Revisions')
    .datasource(source)
    .enable(true)
    .iconColor('purple')
    .expr('sum by (series) (increase(kansoku_vintages_total{state="revised"}[1d])) > 0')
    .step('1d')
    .titleFormat('改定 · A month was revised')
    .textFormat('{{series}}');
}
