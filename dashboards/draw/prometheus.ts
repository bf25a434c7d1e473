// SPDX-License-Identifier: Apache-2.0
//
// Puts a panel's query to Prometheus, as Grafana's data source would.
export interface Series {
  name: string;
  labels: Record<string, string>;
  times: number[]; // milliseconds
  values: (number | null)[];
}

export const hasNumber = (series: Series) => series.values.some((value) => value !== null);

const STEPS = 300;
const MILLISECONDS: Record<string, number> = {s: 1e3, m: 60e3, h: 3600e3, d: 86400e3, y: 366 * 86400e3};

// Of now-7d or 5y, in milliseconds.
export function spanOf(text: string): number {
  const [, number, unit] = /(\d+)([smhdy])/.exec(text)!;
  return Number(number) * MILLISECONDS[unit];
}

// From one sample to the next, in seconds.
export const stepOf = (span: number) => Math.max(1, span / 1000 / STEPS);

export const substituted = (expr: string, values: Record<string, string>) =>
  expr.replace(/\$(\w+)/g, (whole, name) => values[name] ?? whole);

// What each variable stands for where all is chosen, as Grafana has it: what it says itself, or all of its values by name. One
// may ask for those that stand before it.
export async function allChosen(dashboard: any): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const variable of dashboard.templating.list.filter((one: any) => one.type === 'query')) {
    const [, selector, label] = /^label_values\((.*), (\w+)\)$/.exec(variable.query.query)!;
    const parameters = new URLSearchParams({'match[]': substituted(selector, values)});
    const answer = await (await fetch(`/api/v1/label/${label}/values?${parameters}`)).json();
    if (answer.status !== 'success') throw new Error(answer.error);
    values[variable.name] = variable.allValue ?? `(${answer.data.join('|')})`;
  }
  return values;
}

const named = (legend: string, labels: Record<string, string>) =>
  legend.replace(/\{\{(\w+)\}\}/g, (_, name) => labels[name] ?? '').trim();

export async function ask(
  expr: string, legend: string, isInstant: boolean, now: number, span: number,
): Promise<Series[]> {
  const step = stepOf(span);
  const parameters = isInstant
    ? {query: expr, time: `${now / 1000}`}
    : {query: expr, start: `${now / 1000 - step * STEPS}`, end: `${now / 1000}`, step: `${step}`};
  const path = isInstant ? 'query' : 'query_range';
  const answer = await (await fetch(`/api/v1/${path}?${new URLSearchParams(parameters)}`)).json();
  if (answer.status !== 'success') throw new Error(answer.error);
  return answer.data.result.map((one: any) => {
    const samples: [number, string][] = one.values ?? [one.value];
    return {
      name: named(legend, one.metric),
      labels: one.metric,
      times: samples.map(([time]) => time * 1000),
      values: samples.map(([, value]) => (value === 'NaN' ? null : Number(value))),
    };
  });
}
