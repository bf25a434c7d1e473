// SPDX-License-Identifier: Apache-2.0
//
// A dashboard's panels with Grafana's own components: what its JSON asks for, as Prometheus answers. Grafana's table and
// timeline are not on npm; those two are drawn plainly.
import {createTheme, dateTime, standardFieldConfigEditorRegistry, ThemeContext, TimeRange} from '@grafana/data';
import {PanelChrome} from '@grafana/ui';
import * as React from 'react';
import {createRoot} from 'react-dom/client';
import {allChosen, ask, hasNumber, Series, spanOf, stepOf, substituted} from './prometheus';
import {drawn} from './kinds';

standardFieldConfigEditorRegistry.setInit(() => []);

const WIDTH = 1600;
const COLUMN = WIDTH / 24;
const ROW = 38;
const GAP = 8;
const theme = createTheme({colors: {mode: 'dark'}});
const parameters = new URLSearchParams(location.search);

const placeOf = ({gridPos: {x, y, w, h}}: any) =>
  ({left: x * COLUMN + GAP / 2, top: y * ROW, width: w * COLUMN - GAP, height: h * ROW - GAP});

const Row = ({row}: {row: any}) =>
  <h3 style={{position: 'absolute', margin: 0, fontSize: 16, ...placeOf(row)}}>{row.title}</h3>;

function Panel({panel, dashboard, values}: {panel: any; dashboard: any; values: Record<string, string>}) {
  const [answers, setAnswers] = React.useState<Series[]>([]);
  // Why the panel is not drawn, for draw.mjs; nothing where it is.
  const [wrong, setWrong] = React.useState('not answered yet');
  const [now] = React.useState(Date.now);
  // A short run has little to show of days: panels that have no span of their own may be given another. Years hold what was
  // loaded.
  const given = dashboard.time.from.endsWith('y') ? null : parameters.get('span');
  const span = spanOf(panel.timeFrom ?? given ?? dashboard.time.from);
  // A sample of this moment stands within the axes: on their edge it would not be seen.
  const [from, to] = [dateTime(now - span), dateTime(now + stepOf(span) * 1000)];
  const range: TimeRange = {from, to, raw: {from, to}};
  React.useEffect(() => {
    Promise.all(panel.targets.map((target: any) =>
      ask(substituted(target.expr, values), target.legendFormat, Boolean(target.instant), now, span)))
      .then((all) => {
        const empty = all.findIndex((answer) => !answer.some(hasNumber));
        setAnswers(all.flat());
        setWrong(empty < 0 ? '' : `no number for ${panel.targets[empty].expr}`);
      }, (error) => setWrong(String(error)));
  }, []);
  const {left, top, width, height} = placeOf(panel);
  return (
    <div data-panel={panel.title} data-wrong={wrong} style={{position: 'absolute', left, top, width, height}}>
      <PanelChrome title={panel.title} description={panel.description} width={width} height={height}>
        {(innerWidth, innerHeight) => drawn(panel, answers, range, theme, innerWidth, innerHeight)}
      </PanelChrome>
    </div>
  );
}

async function main() {
  const dashboard = await (await fetch(`/dashboards/${parameters.get('dashboard')}.json`)).json();
  const values = await allChosen(dashboard);
  const panels = dashboard.panels;
  const height = Math.max(...panels.map((panel: any) => panel.gridPos.y + panel.gridPos.h)) * ROW;
  createRoot(document.getElementById('board')!).render(
    <ThemeContext.Provider value={theme}>
      <h2 style={{margin: '8px 8px 0'}}>{dashboard.title}</h2>
      <div style={{position: 'relative', width: WIDTH, height, fontSize: 14}}>
        {panels.map((panel: any) => panel.type === 'row'
          ? <Row key={panel.title} row={panel} />
          : <Panel key={panel.id} panel={panel} dashboard={dashboard} values={values} />)}
      </div>
    </ThemeContext.Provider>,
  );
}

main();
