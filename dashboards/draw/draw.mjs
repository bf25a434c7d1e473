// SPDX-License-Identifier: Apache-2.0
//
// Serves the page with the dashboards and a Prometheus behind it, opens each in Chromium, and keeps a picture.
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
const isDashboard = (file) => file.endsWith('.json') && !/^(package|tsconfig)/.test(file);
for (const file of readdirSync(dashboards).filter(isDashboard)) {
  const name = file.replace('.json', '');
  const tab = await browser.newPage({viewport: {width: 1600, height: 1000}});
  tab.on('pageerror', (error) => console.error(`${name}: ${error.message}`));
  await tab.goto(`${here}/index.html?${new URLSearchParams({dashboard: name, ...(span ? {span} : {})})}`);
  await tab.waitForFunction(() => document.title === 'drawn', undefined, {timeout: 60_000});
  await tab.screenshot({path: join(pictures, `${name}.png`), fullPage: true});
  console.log(join(pictures, `${name}.png`));
  await tab.close();
}
await browser.close();
server.close();
