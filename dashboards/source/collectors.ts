// SPDX-License-Identifier: Apache-2.0
//
// For whoever runs collectors: whether every packet and report is accounted for, where packets are lost, whether reports
// arrive, and what a collector takes of its machine.
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import {board, collectorsIn, isps, pointsOf, regions} from './boards';
import {holds, isGood, isNone, lines, number, orNone, stacked, states} from './panels';

const metrics = 'metrics.md';
const runbook = (alert: string) => `runbook.md#${alert.toLowerCase()}`;
const points = '{isp=~"$isp",point=~"$point"}';
const collectors = '{isp=~"$isp",collector=~"$collector"}';
const of = (state: string) => `{isp=~"$isp",collector=~"$collector",state="${state}"}`;
// A subject is a point or a collector.
const identities = 'kansoku_identity_holds{subject=~"$point|$collector"}';
const leading = (expr: string) => `topk(10, ${expr})`;

const accounts = {
  title: 'The four identities',
  panels: [
    number({
      title: 'Every identity holds',
      description: 'Received = captured + dropped; captured = counted + dark + not sampled + refused; closed = ' +
        'acknowledged + spooled + evicted; stored = acknowledged. No: something is unaccounted for.',
      definition: runbook('KansokuIdentityViolated'), unit: 'none', width: 4, height: 8,
      mappings: holds, thresholds: isGood,
      queries: [{expr: `min(${identities})`, legend: ''}],
    }),
    states({
      title: 'Identities',
      description: 'Green while the identity holds for every point and collector. nic_packets is of the hour of the last ' +
        'window, the others of all time.',
      definition: runbook('KansokuIdentityViolated'), unit: 'none', width: 12,
      queries: [{expr: `min by (identity) (${identities})`, legend: '{{identity}}'}],
    }),
    lines({
      title: 'Violated, by what is',
      description: 'How many identities do not hold of each point or collector, of the ten with the most.',
      definition: runbook('KansokuIdentityViolated'), unit: 'none', decimals: 0, width: 8,
      queries: [{
        expr: orNone(`topk(10, count by (subject) (${identities} == 0))`, 'subject'), legend: '{{subject}}',
      }],
    }),
  ],
};

const losses = {
  title: 'Where packets are lost',
  panels: [
    lines({
      title: 'Packets received',
      description: 'What the capture source counted, lost ones included, of the ten leading points.',
      definition: metrics, unit: 'pps', width: 8,
      queries: [{expr: leading(`sum by (point) (kansoku:point_received_packets_per_second:rate5m${points})`), legend: '{{point}}'}],
    }),
    lines({
      title: 'Dropped before the decoder',
      description: 'By the kernel, whose ring was full, or the interface. One in ten thousand raises an alert.',
      definition: runbook('KansokuPacketsDropped'), unit: 'pps', width: 8,
      queries: [{expr: `sum by (by) (kansoku:point_dropped_packets_per_second:rate5m${points})`, legend: 'by the {{by}}'}],
    }),
    lines({
      title: 'Share that is dropped',
      description: 'Of the packets received, the ten points with the most. The line is what raises an alert.',
      definition: runbook('KansokuPacketsDropped'), unit: 'percentunit', softMax: 0.0002, width: 8,
      thresholds: [{value: null, color: 'green'}, {value: 0.0001, color: 'red'}],
      queries: [{
        expr: orNone(leading(`sum by (point) (kansoku:point_dropped_packets_per_second:rate5m${points}) ` +
          `/ (sum by (point) (kansoku:point_received_packets_per_second:rate5m${points}) > 0)`), 'point'),
        legend: '{{point}}',
      }],
    }),
    stacked({
      title: 'Refused, by reason',
      description: 'Captured packets that are in no cell: not IP, too short, malformed, nested too deep.',
      definition: 'measurement.md', unit: 'pps',
      queries: [{expr: `sum by (reason) (kansoku:point_refused_packets_per_second:rate5m${points})`, legend: '{{reason}}'}],
    }),
    lines({
      title: 'Counted, but something could not be read',
      description: 'Counted packets of which a part could not be read or placed, by remark.',
      definition: 'measurement.md', unit: 'pps',
      queries: [{
        expr: `sum by (remark) (rate(kansoku_ledger_remarked_packets_total${points}[5m]))`, legend: '{{remark}}',
      }],
    }),
    lines({
      title: 'The interface against the capture',
      description: 'What the interfaces counted on the sides that are captured, and what the kernel offered to the capture. ' +
        'Offloads past the processor pull them apart.',
      definition: metrics, unit: 'pps', width: 8,
      queries: [
        {expr: `sum(rate(kansoku_nic_packets_total${points}[5m]))`, legend: 'interface'},
        {expr: `sum(rate(kansoku_tap_packets_total${points}[5m]))`, legend: 'capture'},
      ],
    }),
    lines({
      title: 'Rings that were full',
      description: 'Times that the kernel found a capture\'s ring full and stopped for a while.',
      definition: runbook('KansokuPacketsDropped'), unit: 'cps', width: 8,
      queries: [{
        expr: leading(`sum by (point) (rate(kansoku_ring_freezes_total${points}[5m]))`), legend: '{{point}}',
      }],
    }),
    lines({
      title: 'Left out, taken apart, forgotten',
      description: 'Not sampled, as configured; packets beyond those captured that an offload had merged; flows that a full ' +
        'table forgot; flow records beyond the configured number.',
      definition: metrics, unit: 'cps', width: 8,
      queries: [
        {expr: `sum(rate(kansoku_ledger_not_sampled_packets_total${points}[5m]))`, legend: 'not sampled'},
        {expr: `sum(rate(kansoku_ledger_segmented_packets_total${points}[5m]))`, legend: 'taken apart'},
        {expr: `sum(rate(kansoku_ledger_evicted_flows_total${points}[5m]))`, legend: 'flows forgotten'},
        {expr: `sum(rate(kansoku_ledger_dropped_flow_records_total${points}[5m]))`, legend: 'flow records left out'},
      ],
    }),
  ],
};

const delivery = {
  title: 'Whether reports arrive',
  panels: [
    number({
      title: 'Connected',
      description: 'Collectors with an open stream, of all that were ever heard.',
      definition: runbook('KansokuPointSilent'), unit: 'none', width: 4, height: 8,
      queries: [
        {expr: `sum(kansoku_collector_connected${collectors})`, legend: 'connected'},
        {expr: `count(kansoku_collector_connected${collectors})`, legend: 'known'},
      ],
    }),
    lines({
      title: 'Reports in the spool',
      description: 'Closed, and not yet acknowledged, of the ten collectors with most.',
      definition: runbook('KansokuSpoolFilling'), unit: 'none', decimals: 0, width: 10,
      queries: [{expr: leading(`kansoku_collector_reports${of('spooled')}`), legend: '{{collector}}'}],
    }),
    lines({
      title: 'Reports closed and acknowledged',
      description: 'In a second, over all collectors.',
      definition: metrics, unit: 'cps', width: 10,
      queries: [
        {expr: `sum(deriv(kansoku_collector_reports${of('closed')}[5m]))`, legend: 'closed'},
        {expr: `sum(deriv(kansoku_collector_reports${of('acknowledged')}[5m]))`, legend: 'acknowledged'},
      ],
    }),
    lines({
      title: 'Until a batch is acknowledged',
      description: 'From its arrival at the aggregator: half of them, and 99 of 100, were faster.',
      definition: metrics, unit: 's', width: 8,
      queries: [0.5, 0.99].map((share) => ({
        expr: `histogram_quantile(${share}, sum by (le) (rate(kansoku_acknowledgement_seconds_bucket[5m])))`,
        legend: `${share * 100} %`,
      })),
    }),
    lines({
      title: 'Clock skew',
      description: 'How far a collector\'s clock is ahead of the aggregator\'s (below 0: behind), of the ten furthest off. ' +
        'Five seconds raise an alert.',
      definition: runbook('KansokuClockSkewed'), unit: 's', min: undefined, width: 8,
      thresholds: [{value: null, color: 'red'}, {value: -5, color: 'green'}, {value: 5, color: 'red'}],
      queries: [{
        expr: `kansoku_collector_clock_offset_seconds${collectors} ` +
          `and topk(10, abs(kansoku_collector_clock_offset_seconds${collectors}))`,
        legend: '{{collector}}',
      }],
    }),
    lines({
      title: 'Reports that are not counted as they came',
      description: 'Within the hour before: again (each counts once), missing, refused, in quarantine, given up.',
      definition: metrics, unit: 'none', decimals: 0, width: 8,
      queries: [
        {expr: `sum(increase(kansoku_ingest_duplicate_reports_total${collectors}[1h]))`, legend: 'came again'},
        {expr: `sum(increase(kansoku_ingest_missing_reports_total${collectors}[1h]))`, legend: 'missing'},
        {expr: `sum(increase(kansoku_ingest_refused_reports_total${collectors}[1h]))`, legend: 'refused'},
        {expr: `sum(increase(kansoku_ingest_quarantined_reports_total${collectors}[1h]))`, legend: 'quarantined'},
        {expr: `sum(increase(kansoku_point_evicted_windows_total${points}[1h]))`, legend: 'given up'},
      ],
    }),
  ],
};

const machines = {
  title: 'What collectors take',
  panels: [
    lines({
      title: 'Processors',
      description: 'Processor seconds in a second, of the ten collectors that take most.',
      definition: metrics, unit: 'none', decimals: 2, width: 8,
      queries: [{expr: leading(`rate(kansoku_collector_cpu_seconds_total${collectors}[5m])`), legend: '{{collector}}'}],
    }),
    lines({
      title: 'Memory',
      description: 'Resident memory, of the ten collectors that take most.',
      definition: metrics, unit: 'bytes', width: 8,
      queries: [{expr: leading(`kansoku_collector_resident_bytes${collectors}`), legend: '{{collector}}'}],
    }),
    number({
      title: 'Refused settings',
      description: 'Collectors that read a configuration that is not valid, and go on with the one before.',
      definition: runbook('KansokuConfigurationRefused'), unit: 'none', width: 4, height: 8, thresholds: isNone,
      queries: [{
        expr: `count(kansoku_collector_config_last_reload_successful${collectors} == 0) or vector(0)`, legend: '',
      }],
    }),
    number({
      title: 'Settings not in force',
      description: 'Changed in the configuration, but in force only from the collector\'s next start on.',
      definition: 'configuration.md', unit: 'none', width: 4, height: 8,
      thresholds: [{value: null, color: 'green'}, {value: 1, color: 'orange'}],
      queries: [{expr: `sum(kansoku_collector_config_awaiting_settings${collectors})`, legend: ''}],
    }),
  ],
};

export const collectorsBoard: dashboard.DashboardBuilder = board(
  'kansoku-collectors', 'Collectors', 'Whether every packet and report is accounted for.', ['operator'], 'now-6h',
  [accounts, losses, delivery, machines],
  [
    isps,
    regions,
    collectorsIn,
    pointsOf(',collector=~"$collector"'),
  ],
);
