// SPDX-License-Identifier: Apache-2.0
//
// For whoever runs the aggregator: its store and disk, what it refuses, its certificates, what it takes of its machine.
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import {board} from './boards';
import {holds, isGood, isNone, labels, lines, number} from './panels';

const metrics = 'metrics.md';
const runbook = (alert: string) => `runbook.md#${alert.toLowerCase()}`;
const day = 86400;
// Collectors may be scraped too, and have some metrics of the same name.
const ofAggregator = 'and on (instance) kansoku_build_info{program="kansoku-aggregator"}';

const state = {
  title: 'State',
  panels: [
    number({
      title: 'The store can be written',
      description: 'No: nothing is acknowledged, and collectors keep their windows.',
      definition: runbook('KansokuStoreNotWritable'), unit: 'none', width: 4, mappings: holds, thresholds: isGood,
      queries: [{expr: 'min(kansoku_store_writable)', legend: ''}],
    }),
    number({
      title: 'Collectors connected',
      description: 'Open streams.',
      definition: metrics, unit: 'none', width: 4,
      queries: [{expr: 'sum(kansoku_collector_connected)', legend: ''}],
    }),
    number({
      title: 'In quarantine',
      description: 'Reports that are held until an operator decides.',
      definition: runbook('KansokuReportsQuarantined'), unit: 'none', width: 4, thresholds: isNone,
      queries: [{expr: 'sum(kansoku_quarantine_reports{state="held"})', legend: ''}],
    }),
    number({
      title: 'Certificates end in',
      description: 'The aggregator\'s own: grpc is what collectors and clients see, metrics what Prometheus sees. Orange ' +
        'two weeks before. Without TLS there is none.',
      definition: runbook('KansokuCertificateNearEnd'), unit: 's', width: 6, noValue: 'no TLS',
      thresholds: [{value: null, color: 'red'}, {value: 3 * day, color: 'orange'}, {value: 14 * day, color: 'green'}],
      queries: [{expr: `min by (of) (kansoku_certificate_expiry_timestamp_seconds ${ofAggregator}) - time()`, legend: '{{of}}'}],
    }),
    labels({
      title: 'Version',
      description: 'Which programs run, in which version.',
      definition: metrics, unit: 'none', width: 6, height: 5,
      queries: [{expr: 'max by (program, version) (kansoku_build_info)', legend: ''}],
    }),
  ],
};

const store = {
  title: 'Store and disk',
  panels: [
    lines({
      title: 'Commits',
      description: 'Transactions in a second; those that failed lose nothing.',
      definition: metrics, unit: 'cps', width: 8,
      queries: [
        {expr: 'sum(rate(kansoku_store_commits_total[5m]))', legend: 'committed'},
        {expr: 'sum(rate(kansoku_store_commit_errors_total[5m]))', legend: 'failed'},
        {expr: 'sum(rate(kansoku_store_expire_errors_total[5m]))', legend: 'could not forget'},
      ],
    }),
    lines({
      title: 'Size of the store',
      description: 'The file with its write-ahead log.',
      definition: metrics, unit: 'bytes', width: 8,
      queries: [{expr: 'max(kansoku_store_bytes)', legend: 'store'}],
    }),
    lines({
      title: 'Room on its disk',
      description: 'As it is, and as it will be in four days if it goes on as in the last six hours. Below 0 it is full, ' +
        'which raises an alert.',
      definition: runbook('KansokuDiskFull'), unit: 'bytes', min: undefined, width: 8,
      queries: [
        {expr: 'min(kansoku_store_free_disk_bytes)', legend: 'free'},
        {expr: `min(predict_linear(kansoku_store_free_disk_bytes[6h], 4 * ${day}))`, legend: 'in four days'},
      ],
    }),
    lines({
      title: 'Until a batch is acknowledged',
      description: 'From its arrival: half of them, and 99 of 100, were faster. A slow disk shows here first.',
      definition: metrics, unit: 's', width: 8,
      queries: [0.5, 0.99].map((share) => ({
        expr: `histogram_quantile(${share}, sum by (le) (rate(kansoku_acknowledgement_seconds_bucket[5m])))`,
        legend: `${share * 100} %`,
      })),
    }),
    lines({
      title: 'Windows committed',
      description: 'In a second, over all points.',
      definition: metrics, unit: 'cps', width: 8,
      queries: [{expr: 'sum(rate(kansoku_point_windows_total[5m]))', legend: 'windows'}],
    }),
    lines({
      title: 'Statistics that failed',
      description: 'Attempts within the hour before to bring figures of months or days up to date, that failed.',
      definition: runbook('KansokuStatisticsFailing'), unit: 'none', decimals: 0, width: 8,
      queries: [{expr: 'sum(increase(kansoku_statistics_errors_total[1h]))', legend: 'attempts'}],
    }),
  ],
};

const refusals = {
  title: 'What is refused',
  panels: [
    lines({
      title: 'Peers that were turned away',
      description: 'Within the hour before: questions of those who may not ask, handshakes that failed, collectors refused ' +
        'at their first message. The log says who, and why.',
      definition: 'security-setup.md', unit: 'none', decimals: 0,
      queries: [
        {expr: 'sum(increase(kansoku_query_denied_requests_total[1h]))', legend: 'questions'},
        {expr: 'sum(increase(kansoku_tls_failed_handshakes_total[1h]))', legend: 'handshakes'},
        {expr: 'sum(increase(kansoku_ingest_refused_hellos_total[1h]))', legend: 'collectors'},
      ],
    }),
    lines({
      title: 'Limits that were reached',
      description: 'Within the hour before, by limit. By report_rate a stream is only left unread for a while.',
      definition: 'configuration.md', unit: 'none', decimals: 0,
      queries: [{expr: 'sum by (limit) (increase(kansoku_limits_exceeded_total[1h]))', legend: '{{limit}}'}],
    }),
  ],
};

const machine = {
  title: 'What it takes',
  panels: [
    lines({
      title: 'Processors',
      description: 'Processor seconds in a second.',
      definition: metrics, unit: 'none', decimals: 2,
      queries: [{expr: `sum(rate(kansoku_process_cpu_seconds_total[5m]) ${ofAggregator})`, legend: 'aggregator'}],
    }),
    lines({
      title: 'Memory',
      description: 'Resident memory.',
      definition: metrics, unit: 'bytes',
      queries: [{expr: `max(kansoku_process_resident_bytes ${ofAggregator})`, legend: 'aggregator'}],
    }),
  ],
};

export const aggregator: dashboard.DashboardBuilder = board(
  'kansoku-aggregator', 'Aggregator', 'The aggregator, its store and its disk.', ['operator'], 'now-6h',
  [state, store, refusals, machine], [],
);
