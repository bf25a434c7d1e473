// SPDX-License-Identifier: Apache-2.0
//
// Who sent what to dark addresses on the last judged day, and what could not be judged. Numbers of few sources, and of what one
// ISP could not judge, are among these: for operators.
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import {board} from './boards';
import {bars, number} from './panels';

const figures = 'figures.md#all-figures';
const none = '未判定 · no judged day';

const sources = {
  title: '直近の1日 · The last judged day',
  panels: [
    number({
      title: '攻撃の被害ホスト数 · Flooded hosts',
      description: 'Hosts that answered a flood from forged addresses, which are dark. Figure darknet_victims.',
      definition: figures, unit: 'short', width: 8, height: 8, noValue: none,
      queries: [{expr: 'max(kansoku_darknet_day_victim_hosts)', legend: ''}],
    }),
    number({
      title: '跳ね返りの送信元 · Hosts that answered',
      description: 'Hosts that answered somebody who forged dark addresses, victims of floods among them. Figure ' +
        'darknet_backscatter_sources.',
      definition: figures, unit: 'short', width: 8, height: 8, noValue: none,
      queries: [{expr: 'max(kansoku_darknet_day_backscatter_hosts)', legend: ''}],
    }),
    number({
      title: '感染の疑いのある利用者 · Subscribers who sent there',
      description: 'Of the collectors\' own links: who sent a probe to a dark address, and who scanned. Figure ' +
        'darknet_infected_subscribers.',
      definition: figures, unit: 'short', width: 8, height: 8, noValue: none,
      queries: [{expr: 'max by (evidence) (kansoku_darknet_day_infected_subscribers)', legend: '{{evidence}}'}],
    }),
    bars({
      title: 'ツール別パケット · Scanning tools',
      description: 'Packets of sources that a scanning tool\'s mark gives away; a source may show several. Figure ' +
        'darknet_tool_packets.',
      definition: figures, unit: 'short', width: 8, noValue: none,
      queries: [{expr: 'sort_desc(max by (tool) (kansoku_darknet_day_tool_packets))', legend: '{{tool}}'}],
    }),
    bars({
      title: 'ツール別ホスト · Hosts with a scanning tool',
      description: 'Sources that a scanning tool\'s mark gives away. Figure darknet_tool_sources.',
      definition: figures, unit: 'short', width: 8, noValue: none,
      queries: [{expr: 'sort_desc(max by (tool) (kansoku_darknet_day_tool_hosts))', legend: '{{tool}}'}],
    }),
    number({
      title: '判定できなかったパケット · Packets that could not be judged',
      description: 'What the shares of survey scans do not cover: sources that found no room, and those that nobody told ' +
        'apart. Figure darknet_unjudged_packets.',
      definition: figures, unit: 'short', width: 8, height: 8, noValue: none,
      queries: [{expr: 'max by (because) (kansoku_darknet_day_unjudged_packets)', legend: '{{because}}'}],
    }),
    bars({
      title: 'ホスト数の上位10ポート（調査スキャンを除く） · Ports by hosts, without survey scanners',
      description: 'Different hosts that probed each port on the last judged day and are no survey scanners. Beside all hosts ' +
        'they tell how many scanners there are, which may be few. Figure darknet_port_hosts.',
      definition: figures, unit: 'short', width: 24, height: 10, noValue: none,
      queries: [{
        expr: 'sort_desc(max by (protocol, port) (kansoku_darknet_day_port_hosts{population="non_survey"}))',
        legend: '{{port}}/{{protocol}}',
      }],
    }),
  ],
};

export const telescopeSources: dashboard.DashboardBuilder = board(
  'kansoku-telescope-sources', 'ダークネット観測（送信元） · Who reaches the telescope',
  'Hosts that were flooded, scanning tools, subscribers, and what could not be judged.',
  [], 'now-24h', [sources], [],
);
