// SPDX-License-Identifier: Apache-2.0
//
// Serves the page with the dashboards and a Prometheus behind it, opens each in Chromium, and keeps a picture. Fails on an
// error of the page, and with a line for each panel that has no numbers or in which nothing is drawn.
//
// usage: node draw.mjs PAGE-FOLDER DASHBOARD-FOLDER PROMETHEUS-URL PICTURE-FOLDER [SPAN]
import {mkdirSync, readdirSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {createServer} from 'node:http';
import {extname, join} from 'node:path';
import {chromium} from 'playwright-core';

const [page, dashboards, prometheus, pictures, span] = process.argv.slice(2);
const kinds = {'.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json'};

const server = createServer(async (request, response) => {
  try {
    const path = new URL(request.url, 'http://here').pathname;
    if (path.startsWith('/api/')) {
      const answer = await fetch(prometheus + request.url);
      response.writeHead(answer.status, {'Content-Type': 'application/json'}).end(await answer.text());
      return;
    }
    const folder = path.startsWith('/dashboards/') ? dashboards : page;
    const content = await readFile(join(folder, path.replace('/dashboards/', '/')));
    response.writeHead(200, {'Content-Type': kinds[extname(path)] ?? 'application/octet-stream'}).end(content);
  } catch (error) {
    response.writeHead(404).end(String(error));
  }
});
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const here = `http://127.0.0.1:${server.address().port}`;

mkdirSync(pictures, {recursive: true});
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});

// The titles of panels of which the picture shows nothing but their chrome. Of a plot only what is within its axes counts;
// lines of its grid are too faint to.
async function emptyPanels(tab, picture) {
  return tab.evaluate(async (source) => {
    const image = new Image();
    image.src = source;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
    canvas.drawImage(image, 0, 0);
    const FAINT = 60, HEADER = 40, LEAST = 4;
    return [...document.querySelectorAll('[data-panel]')].filter((panel) => {
      const whole = panel.getBoundingClientRect();
      const plot = panel.querySelector('.u-over')?.getBoundingClientRect();
      const {x, y, width, height} = plot ?? new DOMRect(whole.x, whole.y + HEADER, whole.width, whole.height - HEADER);
      const background = canvas.getImageData(whole.x + 4, whole.y + 4, 1, 1).data;
      // A point at the edge reaches beyond it.
      const {data} = canvas.getImageData(x + 2, y, width + 2, height + 2);
      let drawn = 0;
      for (let at = 0; at < data.length; at += 4) {
        if ([0, 1, 2].some((channel) => Math.abs(data[at + channel] - background[channel]) > FAINT)) ++drawn;
      }
      return drawn < LEAST;
    }).map((panel) => panel.dataset.panel);
  }, `data:image/png;base64,${picture.toString('base64')}`);
}

const isDashboard = (file) => file.endsWith('.json') && !/^(package|tsconfig)/.test(file);
let panels = 0;
const wrong = [];
for (const file of readdirSync(dashboards).filter(isDashboard)) {
  const name = file.replace('.json', '');
  const tab = await browser.newPage({viewport: {width: 1600, height: 1000}});
  tab.on('pageerror', (error) => wrong.push(`${name}: ${error.message}`));
  await tab.goto(`${here}/index.html?${new URLSearchParams({dashboard: name, ...(span ? {span} : {})})}`);
  // All panels are answered, and what they drew is on the screen.
  await tab.waitForFunction(() => {
    const all = [...document.querySelectorAll('[data-panel]')];
    return all.length > 0 && all.every((panel) => panel.dataset.wrong !== 'not answered yet');
  }, undefined, {timeout: 60_000}).catch((error) => wrong.push(`${name}: ${error.message}`));
  await tab.evaluate(() => document.fonts.ready.then(() => new Promise((shown) =>
    requestAnimationFrame(() => requestAnimationFrame(shown)))));
  const path = join(pictures, `${name}.png`);
  const picture = await tab.screenshot({path, fullPage: true});
  const states = await tab.$$eval('[data-panel]', (all) => all.map((panel) => ({...panel.dataset})));
  panels += states.length;
  wrong.push(...states.filter((state) => state.wrong).map((state) => `${name}: ${state.panel}: ${state.wrong}`));
  wrong.push(...(await emptyPanels(tab, picture)).map((title) => `${name}: ${title}: nothing is drawn`));
  console.log(path);
  await tab.close();
}
await browser.close();
server.close();
for (const line of wrong) console.error(line);
console.log(`${panels} panels, ${wrong.length} wrong`);
if (wrong.length > 0 || panels === 0) process.exit(1);
