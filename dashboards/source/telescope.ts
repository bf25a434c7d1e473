// SPDX-License-Identifier: Apache-2.0
//
// What reaches dark addresses: the last judged day and the years (図表Ⅱ-1-10-3 and -4), day by day, and now. Asks only for series
// over all sensors that tell neither of few sources nor of what one ISP could not judge, so that a regulator may look at it; the
// rest is in telescope_sources.ts.
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import {board} from './boards';
import {bars, isNone, lines, months, number, orNone, stacked} from './panels';

const days = 'figures.md#days-of-telescopes';
const figures = 'figures.md#all-figures';
const packets = 'sum(kansoku_darknet_day_packets{family="ipv4"})';
const none = '未判定 · no judged day';

const lastDay = {
  title: '図表Ⅱ-1-10-3 直近の1日 · The last judged day',
  panels: [
    number({
      title: '対象日 · The day',
      description: 'When the day began in Japan. A day is judged an hour after its end.',
      definition: days, unit: 'dateTimeAsIso', width: 3, noValue: none,
      queries: [{expr: 'max(kansoku_darknet_day_start_timestamp_seconds) * 1000', legend: ''}],
    }),
    number({
      title: 'パケット数 · Packets',
      description: 'To dark addresses, over all sensors; backscatter and survey scans included. Figure darknet_packets.',
      definition: figures, unit: 'short', width: 4, noValue: none,
      queries: [{expr: 'sum by (family) (kansoku_darknet_day_packets)', legend: '{{family}}'}],
    }),
    number({
      title: '観測アドレス数 · Addresses',
      description: 'Monitored IPv4 addresses, the mean over the day. Figure darknet_addresses.',
      definition: figures, unit: 'locale', decimals: 0, width: 4, noValue: none,
      queries: [{expr: 'max(kansoku_darknet_day_addresses)', legend: ''}],
    }),
    number({
      title: '1アドレス当たり · Per address',
      description: 'IPv4 packets of the day / monitored addresses. Figure darknet_packets_per_ip, of one day.',
      definition: figures, unit: 'locale', decimals: 1, width: 5, noValue: none,
      queries: [{expr: `${packets} / max(kansoku_darknet_day_addresses)`, legend: ''}],
    }),
    number({
      title: '到達間隔 · Interval',
      description: 'Seconds from one packet to the next at an address. Figure darknet_seconds_per_packet_per_ip, of one day.',
      definition: figures, unit: 's', decimals: 1, width: 3, noValue: none,
      queries: [{expr: `86400 * max(kansoku_darknet_day_addresses) / ${packets}`, legend: ''}],
    }),
    number({
      title: '調査スキャン · Survey scans',
      description: 'Of all packets of the day, what survey scanners sent: told by their behaviour, or on any list. Figure ' +
        'darknet_survey_scan_share.',
      definition: figures, unit: 'percentunit', decimals: 1, width: 5, noValue: none,
      queries: [{
        expr: 'max by (rule, list) (kansoku_darknet_day_survey_scan_ratio{list=~"|any"})', legend: '{{rule}} {{list}}',
      }],
    }),
  ],
};

const noYear = '年の値なし · no year';
const ofYear = (metric: string) => `max by (year) (kansoku_darknet_year_${metric})`;
const measured = ' Measured by this office.';
// One sample a year, at its last second: a point.
const published = (metric: string) => `last_over_time(kansoku_history_darknet_${metric}[31d])`;
const others = ' As NICT published them, mostly by way of the press; not measured by Kansoku. The past was restated: each ' +
  'edition is a line of its own, and recalled ones were not checked.';
const edition = '{{basis}} ({{evidence}})';
const endOf2015 = 1451573999; // in Japan

const years = {
  title: '図表Ⅱ-1-10-3 年別 · Years',
  panels: [
    bars({
      title: '年間総観測パケット数 · Packets of a year',
      description: 'IPv4 packets of the days that are known; this year\'s until yesterday. Figure darknet_packets.' + measured,
      definition: figures, unit: 'short', decimals: 2, width: 8, height: 7, noValue: noYear,
      queries: [{expr: ofYear('packets{family="ipv4"}'), legend: '{{year}}'}],
    }),
    bars({
      title: '1アドレス当たり · Per address',
      description: 'IPv4 packets of a year / monitored addresses, day by day; scaled to the whole year where days are not ' +
        'known. Figure darknet_packets_per_ip, method daily.' + measured,
      definition: figures, unit: 'locale', decimals: 0, width: 8, height: 7, noValue: noYear,
      queries: [{expr: ofYear('packets_per_address{method="daily"}'), legend: '{{year}}'}],
    }),
    bars({
      title: '2015年との比 · Ratio to 2015',
      description: 'IPv4 packets of a year / those of 2015; none where not every day of both is known. Figure ' +
        'darknet_ratio_to_base_year.' + measured,
      definition: figures, unit: 'none', decimals: 2, width: 8, height: 7, noValue: noYear,
      queries: [{expr: orNone(ofYear('base_ratio'), 'year'), legend: '{{year}}'}],
    }),
    bars({
      title: '到達間隔 · Interval',
      description: 'Seconds from one packet to the next at an address. Figure darknet_seconds_per_packet_per_ip, method ' +
        'daily.' + measured,
      definition: figures, unit: 's', decimals: 1, height: 7, noValue: noYear,
      queries: [{expr: ofYear('packet_interval_seconds{method="daily"}'), legend: '{{year}}'}],
    }),
    bars({
      title: '観測日数の割合 · Days that are known',
      description: 'Of all days of the year, those to come included: what the figures beside it rest on. Years whose packets ' +
        'were sampled have this alone.',
      definition: days, unit: 'percentunit', decimals: 1, max: 1, height: 7, noValue: noYear,
      queries: [{expr: ofYear('complete_ratio'), legend: '{{year}}'}],
    }),
    months({
      title: '公表された年間総観測パケット数 · Packets of a year, as published',
      description: 'NICTER, about 280,000 addresses.' + others,
      definition: 'open-data.md#in-prometheus', unit: 'short', width: 8, height: 10, timeFrom: '22y',
      queries: [{expr: `max by (basis, evidence) (${published('packets')})`, legend: edition}],
    }),
    months({
      title: '公表された1アドレス当たり · Per address, as published',
      description: 'Comparable between telescopes of different size, as packets are not.' + others,
      definition: 'open-data.md#in-prometheus', unit: 'short', width: 8, height: 10, timeFrom: '22y',
      queries: [{expr: `max by (basis, evidence) (${published('packets_per_address')})`, legend: edition}],
    }),
    months({
      title: '公表値の2015年との比 · Ratio to 2015, as published',
      description: 'Packets of a year / those of 2015, of one edition.' + others,
      definition: 'open-data.md#in-prometheus', unit: 'none', decimals: 2, width: 8, height: 10, timeFrom: '22y',
      queries: [{
        expr: `max by (basis, evidence) (${published('packets')}) / on (basis) group_left () ` +
          `max by (basis) (last_over_time(kansoku_history_darknet_packets[1d] @ ${endOf2015}))`,
        legend: edition,
      }],
    }),
  ],
};

const shares = {
  title: '図表Ⅱ-1-10-4 宛先ポート · Where they went',
  panels: [
    bars({
      title: '分類別（調査スキャンを除く） · Categories',
      description: 'Share of the leading ports of each category in the packets that survey scanners did not send. Empty ' +
        'where a leading port is in no category. Figure darknet_category_share.',
      definition: figures, unit: 'percentunit', decimals: 1, max: 1, width: 8, noValue: none,
      queries: [{
        expr: 'max by (category) (kansoku_darknet_day_category_ratio{population="non_survey"})', legend: '{{category}}',
      }],
    }),
    bars({
      title: '分類別（全体） · Categories, of all packets',
      description: 'As beside, of all packets. Figure darknet_category_share.',
      definition: figures, unit: 'percentunit', decimals: 1, max: 1, width: 8, noValue: none,
      queries: [{expr: 'max by (category) (kansoku_darknet_day_category_ratio{population="all"})', legend: '{{category}}'}],
    }),
    number({
      title: '未分類の上位ポート · Leading ports without a category',
      description: 'While there is any, the shares of categories are withheld.',
      definition: 'runbook.md#kansokuleadingportwithoutcategory', unit: 'none', width: 8, height: 8, thresholds: isNone,
      noValue: '—',
      queries: [{expr: 'max(kansoku_darknet_day_uncategorised_ports)', legend: ''}],
    }),
    bars({
      title: '上位10ポート（調査スキャンを除く） · Ten leading ports, without survey scans',
      description: 'Packets of the day to each. Figure darknet_port_packets.',
      definition: figures, unit: 'short', height: 10, noValue: none,
      queries: [{
        expr: 'sort_desc(max by (protocol, port) (kansoku_darknet_day_port_packets{population="non_survey"}))',
        legend: '{{port}}/{{protocol}}',
      }],
    }),
    bars({
      title: '上位10ポート（全体） · Ten leading ports, of all packets',
      description: 'Packets of the day to each. Figure darknet_port_packets.',
      definition: figures, unit: 'short', height: 10, noValue: none,
      queries: [{
        expr: 'sort_desc(max by (protocol, port) (kansoku_darknet_day_port_packets{population="all"}))',
        legend: '{{port}}/{{protocol}}',
      }],
    }),
  ],
};

const sources = {
  title: '送信元と種類 · Who sent what',
  panels: [
    number({
      title: '送信元ホスト数 · Different hosts',
      description: 'Different sources of the day, by sketches, with a standard error of 0.81 %. Hosts of two days do not ' +
        'add up. Figure darknet_unique_hosts.',
      definition: figures, unit: 'short', width: 8, height: 12, noValue: none,
      queries: [{expr: 'max by (family) (kansoku_darknet_day_unique_hosts{class=""})', legend: '{{family}}'}],
    }),
    bars({
      title: '種類別パケット（直近の1日） · Classes, the last judged day',
      description: 'Packets of each class: scans, backscatter of attacks, and the rest. Figure darknet_class_packets.',
      definition: figures, unit: 'short', width: 16, height: 12, noValue: none,
      queries: [{expr: 'sort_desc(sum by (class) (kansoku_darknet_day_class_packets))', legend: '{{class}}'}],
    }),
    bars({
      title: 'ホスト数の上位10ポート · Ten leading ports by hosts',
      description: 'Different hosts that probed each port on the last judged day, survey scanners included; one of fewer than ' +
        'ten hosts is left out. Figure darknet_port_hosts.',
      definition: figures, unit: 'short', height: 10, noValue: none,
      queries: [{
        expr: 'sort_desc(max by (protocol, port) (kansoku_darknet_day_port_hosts{population="all"}))',
        legend: '{{port}}/{{protocol}}',
      }],
    }),
    bars({
      title: '特異な特徴のあるパケット · Packets that look odd',
      description: 'Of those examined on the last judged day: a high time to live, a network address for a source, the very ' +
        'address they are for, port 0; any of these; and, beside them, ICMP errors about packets of others. They stay in ' +
        'all other figures. Figure darknet_flagged_packets.',
      definition: figures, unit: 'short', height: 10, noValue: '特徴を調べていない · nobody looks for flags',
      queries: [{expr: 'sort_desc(max by (flag) (kansoku_darknet_day_flagged_packets))', legend: '{{flag}}'}],
    }),
  ],
};

const dayByDay = {
  title: '日別 · Day by day',
  panels: [
    lines({
      title: 'パケット数 · Packets of a day',
      description: 'Of the last day that was judged then: the line is a day and an hour behind. Figure darknet_packets.',
      definition: figures, unit: 'short', width: 8, timeFrom: '90d',
      queries: [{expr: 'sum by (family) (kansoku_darknet_day_packets)', legend: '{{family}}'}],
    }),
    lines({
      title: '調査スキャンの割合 · Share of survey scans',
      description: 'Of the last day that was judged then. Figure darknet_survey_scan_share.',
      definition: figures, unit: 'percentunit', max: 1, width: 8, timeFrom: '90d',
      queries: [{
        expr: 'max by (rule, list) (kansoku_darknet_day_survey_scan_ratio{list=~"|any"})', legend: '{{rule}} {{list}}',
      }],
    }),
    lines({
      title: '送信元ホスト数 · Different hosts of a day',
      description: 'Of the last day that was judged then. Figure darknet_unique_hosts.',
      definition: figures, unit: 'short', width: 8, timeFrom: '90d',
      queries: [{expr: 'max by (family) (kansoku_darknet_day_unique_hosts{class=""})', legend: '{{family}}'}],
    }),
  ],
};

const live = {
  title: '現在（未判定） · Now, not yet judged',
  panels: [
    stacked({
      title: '種類別（5分平均） · Packets by class, mean of five minutes',
      description: 'Over all sensors, both families. Survey scanners are not told apart before the day is over.',
      definition: 'metrics.md', unit: 'pps',
      queries: [{expr: 'sum by (class) (kansoku:darknet_packets_per_second:rate5m)', legend: '{{class}}'}],
    }),
    lines({
      title: '1アドレス1秒当たり · Per address and second',
      description: 'IPv4 packets / monitored addresses and seconds, mean of five minutes.',
      definition: 'metrics.md', unit: 'none', decimals: 4, softMax: 0.001, width: 6,
      queries: [{expr: 'kansoku:darknet_packets_per_address_second:rate5m', legend: 'packets'}],
    }),
    lines({
      title: '観測アドレス数 · Monitored addresses',
      description: 'IPv4 addresses that are dark and watched, over all sensors. A step is a sensor that came or went.',
      definition: 'metrics.md', unit: 'locale', width: 6,
      queries: [{expr: 'kansoku:darknet_observed_addresses', legend: 'addresses'}],
    }),
  ],
};

export const telescope: dashboard.DashboardBuilder = board(
  'kansoku-telescope', 'ダークネット観測 · Telescope',
  '図表Ⅱ-1-10-3 and -4: packets at dark addresses, the ports they went to, who sent them, year by year.',
  ['regulator'], 'now-24h', [lastDay, years, shares, sources, dayByDay, live], [],
);
