// SPDX-License-Identifier: Apache-2.0
//
// For an ISP's engineer: what the points of one ISP measure, by class and carrier, and how good the measurement is.
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import {board, choice, isps, pointsOf, regions} from './boards';
import {isNone, labels, lines, number, stacked, states} from './panels';

const metrics = 'metrics.md';
const points = '{isp=~"$isp",point=~"$point"}';
const classes = '{isp=~"$isp",point=~"$point",group=~"$group",access=~"$access"';
const flows = '{isp=~"$isp",point=~"$point",access=~"$access"';
const bits = `kansoku:point_traffic_bits_per_second:rate5m${classes}`;

// Of many points those that stand out.
const leading = (expr: string) => `topk(10, ${expr})`;

const traffic = {
  title: 'Traffic',
  panels: [
    number({
      title: 'Download',
      description: 'IP octets that subscribers receive, mean of five minutes.',
      definition: metrics, unit: 'bps', decimals: 2, width: 6,
      queries: [{expr: `sum(${bits},direction="download"})`, legend: 'download'}],
    }, true),
    number({
      title: 'Upload',
      description: 'IP octets that subscribers send, mean of five minutes.',
      definition: metrics, unit: 'bps', decimals: 2, width: 6,
      queries: [{expr: `sum(${bits},direction="upload"})`, legend: 'upload'}],
    }, true),
    number({
      title: 'Points that report',
      description: 'Points with a window that ended within the last five minutes, of all that were ever heard.',
      definition: 'runbook.md#kansokupointsilent', unit: 'none', width: 6,
      queries: [
        {expr: `count(time() - kansoku_point_last_window_timestamp_seconds${points} <= 300) or vector(0)`, legend: 'report'},
        {expr: `count(kansoku_point_last_window_timestamp_seconds${points})`, legend: 'known'},
      ],
    }),
    number({
      title: 'Windows missing for a known reason',
      description: 'Given up by a full spool, or in quarantine: as far back as hours are kept.',
      definition: 'runbook.md#kansokuwindowslost', unit: 'none', width: 6, thresholds: isNone,
      queries: [{expr: `sum(kansoku_point_gap_windows${points}) or vector(0)`, legend: ''}],
    }),
    stacked({
      title: 'By access and direction',
      description: 'IP octets, mean of five minutes. Fixed and mobile as the subscribers\' prefixes say.',
      definition: 'measurement.md', unit: 'bps',
      queries: [{expr: `sum by (access, direction) (${bits}})`, legend: '{{access}} {{direction}}'}],
    }),
    lines({
      title: 'Points with most traffic',
      description: 'The ten leading points, both directions together.',
      definition: metrics, unit: 'bps',
      queries: [{expr: leading(`sum by (isp, point) (${bits}})`), legend: '{{isp}} {{point}}'}],
    }),
    lines({
      title: 'By group of the statistics',
      description: 'A1 broadband subscribers, A2 other customers, B1 exchanges, B2 domestic and B3 foreign ISPs.',
      definition: 'figures.md#figures', unit: 'bps', width: 8,
      queries: [{expr: `sum by (group, direction) (${bits}})`, legend: '{{group}} {{direction}}'}],
    }),
    stacked({
      title: 'By family',
      description: 'IPv4 and IPv6, both directions together.',
      definition: metrics, unit: 'bps', width: 8,
      queries: [{expr: `sum by (family) (${bits}})`, legend: '{{family}}'}],
    }),
    lines({
      title: 'Packets',
      description: 'Packets of the wire, by direction.',
      definition: metrics, unit: 'pps', width: 8,
      queries: [{
        expr: `sum by (direction) (kansoku:point_traffic_packets_per_second:rate5m${classes}})`, legend: '{{direction}}',
      }],
    }),
  ],
};

// Samples of hours: a year of those of minutes takes seconds to read.
const daily = `avg_over_time(kansoku:point_traffic_bits_per_second:rate1h${classes}}[1d])`;

const year = {
  title: 'A year',
  panels: [
    stacked({
      title: 'By access and direction, of a day',
      description: 'IP octets, mean of 24 hours: of those hours that have any.',
      definition: 'measurement.md', unit: 'bps', width: 8, timeFrom: '1y',
      queries: [{expr: `sum by (access, direction) (${daily})`, legend: '{{access}} {{direction}}'}],
    }),
    lines({
      title: 'By group of the statistics, of a day',
      description: 'A1 broadband subscribers, A2 other customers, B1 exchanges, B2 domestic and B3 foreign ISPs; mean of 24 hours.',
      definition: 'figures.md#figures', unit: 'bps', width: 8, timeFrom: '1y',
      queries: [{expr: `sum by (group, direction) (${daily})`, legend: '{{group}} {{direction}}'}],
    }),
    lines({
      title: 'Points with most traffic, of a day',
      description: 'The ten leading points of each day, both directions together; mean of 24 hours.',
      definition: metrics, unit: 'bps', width: 8, timeFrom: '1y',
      queries: [{expr: leading(`sum by (isp, point) (${daily})`), legend: '{{isp}} {{point}}'}],
    }),
  ],
};

const carriers = {
  title: 'Carriers',
  panels: [
    stacked({
      title: 'Leading carriers',
      description: 'What carried the counted IP packets: the tunnel directly around them, or how they crossed the link.',
      definition: 'measurement.md', unit: 'bps',
      queries: [{
        expr: leading(`sum by (carrier) (kansoku:point_carrier_bits_per_second:rate5m${points})`), legend: '{{carrier}}',
      }],
    }),
    lines({
      title: 'What tunnels add',
      description: 'Octets of the outermost IP packets / those of the innermost - 1: the headers of tunnels.',
      definition: metrics, unit: 'percentunit', softMax: 0.01,
      queries: [{
        expr: leading(`sum by (point) (rate(kansoku_outer_ip_bytes_total${points}[5m])) ` +
          `/ (sum by (point) (rate(kansoku_inner_ip_bytes_total${points}[5m])) > 0) - 1`),
        legend: '{{point}}',
      }],
    }),
  ],
};

const quality = {
  title: 'Flows, and how good the measurement is',
  panels: [
    lines({
      title: 'New flows',
      description: 'Bidirectional flows, each counted once, when it was first seen.',
      definition: metrics, unit: 'cps', width: 8,
      queries: [{
        expr: `sum by (access) (rate(kansoku_traffic_new_flows_total${classes}}[5m]))`, legend: '{{access}}',
      }],
    }),
    lines({
      title: 'TCP segments sent again',
      description: 'Segments with nothing new, of those whose sequence numbers were followed: lost further on, or reordered.',
      definition: metrics, unit: 'percentunit', softMax: 0.01, width: 8,
      queries: [{
        expr: `sum by (access, direction) (rate(kansoku_tcp_retransmitted_segments_total${flows}}[5m])) ` +
          `/ (sum by (access, direction) (rate(kansoku_tcp_segments_total${flows}}[5m])) > 0)`,
        legend: '{{access}} {{direction}}',
      }],
    }),
    lines({
      title: 'TCP handshakes',
      description: 'From a SYN to the ACK that completes the handshake: half of them, and nineteen of twenty, were faster.',
      definition: metrics, unit: 's', width: 8,
      queries: [0.5, 0.95].map((share) => ({
        expr: `histogram_quantile(${share}, sum by (le) (rate(kansoku_tcp_handshake_seconds_bucket${flows}}[5m])))`,
        legend: `${share * 100} %`,
      })),
    }),
    states({
      title: 'Quality flags of the last window',
      description: 'Points whose last window carries a flag: a part of it, drops, late packets, a full flow table, a sample ' +
        'and so on. Red is a point with the flag.',
      definition: 'measurement.md', unit: 'none', height: 12,
      mappings: [], thresholds: isNone,
      queries: [{expr: `max by (flag) (kansoku_point_quality${points})`, legend: '{{flag}}'}],
    }),
    lines({
      title: 'Age of the last window',
      description: 'Since the end of each point\'s last committed window: the ten oldest. Five minutes raise an alert.',
      definition: 'runbook.md#kansokupointsilent', unit: 's', width: 6, height: 12,
      thresholds: [{value: null, color: 'green'}, {value: 300, color: 'red'}],
      queries: [{
        expr: leading(`time() - (kansoku_point_last_window_timestamp_seconds${points} > 0)`), legend: '{{point}}',
      }],
    }),
    labels({
      title: 'Points',
      description: 'Each point, its ISP, the collector that measures it, and its group and region.',
      definition: 'configuration.md', unit: 'none', width: 6, height: 12,
      queries: [{expr: `group by (isp, point, collector, group, region) (kansoku_point_info${points})`, legend: ''}],
    }),
  ],
};

export const ispOperator: dashboard.DashboardBuilder = board(
  'kansoku-isp', 'ISP operator', 'What the points of an ISP measure.', ['operator'], 'now-24h',
  [traffic, year, carriers, quality],
  [
    isps,
    regions,
    pointsOf(''),
    choice('group', 'Group', 'kansoku_traffic_ip_bytes_total', points),
    choice('access', 'Access', 'kansoku_traffic_ip_bytes_total', points),
  ],
);
