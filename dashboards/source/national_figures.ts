// SPDX-License-Identifier: Apache-2.0
//
// For the regulator: 図表Ⅱ-1-2-7 as it was published and as it is now, with the coverage beside each number. Asks only for
// series that tell of no single ISP.
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import {board} from './boards';
import {labels, lines, months, number, Query, Threshold} from './panels';
import {breaks, revisions} from './series_breaks';

const figures = 'figures.md#all-figures';
const rules = 'figures.md#figures';
const national = 'kansoku_fixed_traffic_bits_per_second{scope="national"';

// Of panels whose values are scraped after the month that they are of.
const late = ' A month is scraped after its end: November\'s values are drawn throughout December, so that each step is a ' +
  'month late unless the months are filled in by kansokuctl export openmetrics.';

// As long as it takes until the next month is published.
const lastOfMonth = (series: string) => `last_over_time(${series}[31d])`;

const enough: Threshold[] = [
  {value: null, color: 'red'},
  {value: 0.95, color: 'green'},
];

const target: Threshold[] = [
  {value: null, color: 'red'},
  {value: 0.4, color: 'green'},
];

const directions = (expr: (direction: string) => string): Query[] => [
  {expr: expr('download'), legend: 'ダウンロード · download'},
  {expr: expr('upload'), legend: 'アップロード · upload'},
];

const published = {
  title: '図表Ⅱ-1-2-7 公表値（最新月） · Figures of the last published month',
  panels: [
    number({
      title: '固定 下り（推定） · Fixed download',
      description: 'Mean rate of the last published month, estimated for all broadband subscribers: the rate of the ' +
        'contributors / their coverage. Figure fixed_download_national.',
      definition: figures, unit: 'bps', decimals: 1, noValue: '秘匿・未公表 · withheld or not published',
      queries: [{expr: `max(${national},direction="download"})`, legend: 'download'}],
    }),
    number({
      title: '固定 上り（推定） · Fixed upload',
      description: 'As fixed download. Figure fixed_upload_national.',
      definition: figures, unit: 'bps', decimals: 1, noValue: '秘匿・未公表 · withheld or not published',
      queries: [{expr: `max(${national},direction="upload"})`, legend: 'upload'}],
    }),
    number({
      title: '固定 カバレッジ · Fixed coverage',
      description: 'Share of the contributors in the whole; the estimates beside it are divided by it. Red below 40 %, ' +
        'the target of the alert. Figure fixed_coverage.',
      definition: figures, unit: 'percentunit', decimals: 1, thresholds: target, noValue: '—',
      queries: [{expr: 'max by (basis) (kansoku_fixed_coverage_ratio)', legend: '{{basis}}'}],
    }),
    number({
      title: '固定 充足率 · Fixed completeness',
      description: 'Windows that were present, of those expected. Below 95 % figures are withheld.',
      definition: rules, unit: 'percentunit', decimals: 2, thresholds: enough, noValue: '—',
      queries: [{expr: 'min(kansoku_period_complete_ratio{series="fixed"})', legend: 'fixed'}],
    }),
    number({
      title: '移動 下り · Mobile download',
      description: 'Mean rate of the last published month. The operators are the whole market: there is no share to ' +
        'divide by. Figure mobile_rate.',
      definition: figures, unit: 'bps', decimals: 1, noValue: '秘匿・未公表 · withheld or not published',
      queries: [{expr: 'max(kansoku_mobile_traffic_bits_per_second{direction="download"})', legend: 'download'}],
    }),
    number({
      title: '移動 上り · Mobile upload',
      description: 'As mobile download. Figure mobile_rate.',
      definition: figures, unit: 'bps', decimals: 1, noValue: '秘匿・未公表 · withheld or not published',
      queries: [{expr: 'max(kansoku_mobile_traffic_bits_per_second{direction="upload"})', legend: 'upload'}],
    }),
    number({
      title: '移動 充足率 · Mobile completeness',
      description: 'Windows that were present, of those expected. Below 95 % figures are withheld.',
      definition: rules, unit: 'percentunit', decimals: 2, thresholds: enough, noValue: '—',
      queries: [{expr: 'min(kansoku_period_complete_ratio{series="mobile"})', legend: 'mobile'}],
    }),
    number({
      title: '前年同月比 · Growth in a year',
      description: 'Of the last published month, from unrounded values. Empty where a break of the series lies between, ' +
        'or nothing was published a year before. Figures fixed_download_growth, mobile_growth.',
      definition: figures, unit: 'percentunit', decimals: 1, noValue: '比較不可 · cannot be compared',
      queries: [{
        expr: 'max by (series) (kansoku_growth_ratio{direction="download",lag="12_months"})', legend: '{{series}}',
      }],
    }),
  ],
};

// The months are looked at as years; what is live, as days.
const week = '7d';

const live = {
  title: '現在（未公表・参考値） · Now: live versions, not published figures',
  panels: [
    lines({
      title: '固定（全国推定、1時間平均） · Fixed, national',
      description: 'What the contributors\' broadband subscribers receive and send, / the coverage of the last published ' +
        'month. It is of every ISP that reports broadband subscribers (group A1), registered as a contributor or not; the ' +
        'coverage is of those registered. Nothing is filled in for what is missing. A live version of ' +
        'fixed_download_national.',
      definition: rules, unit: 'bps', width: 8, timeFrom: week,
      queries: directions((way) => `kansoku:fixed_national_traffic_bits_per_second:rate1h{direction="${way}"}`),
    }),
    lines({
      title: '固定（協力ISP、1時間平均） · Fixed, contributors',
      description: 'What the contributors\' broadband subscribers receive and send, group A1, not extrapolated; of every ' +
        'ISP that reports them, registered as a contributor or not. A live version of fixed_month_rate.',
      definition: rules, unit: 'bps', width: 8, timeFrom: week,
      queries: directions((way) => `kansoku:fixed_traffic_bits_per_second:rate1h{direction="${way}"}`),
    }),
    lines({
      title: '固定 カバレッジ · Fixed coverage',
      description: 'Share of the contributors in the last published month, which the national line beside it rests on.',
      definition: figures, unit: 'percentunit', width: 8, timeFrom: week, max: 1, thresholds: target,
      queries: [{expr: 'max by (basis) (kansoku_fixed_coverage_ratio)', legend: '{{basis}}'}],
    }),
    lines({
      title: '移動（1時間平均） · Mobile',
      description: 'The operators\' sum, which is the nation\'s. A live version of mobile_rate.',
      definition: rules, unit: 'bps', width: 8, timeFrom: week,
      queries: directions((way) => `kansoku:mobile_traffic_bits_per_second:rate1h{direction="${way}"}`),
    }),
    lines({
      title: '日ピーク（1時間平均） · Highest hour of a day',
      description: 'The highest mean of an hour within 24 hours. The published peak is another: the highest two-hour slot ' +
        'of a month\'s mean day, figure fixed_peak_rate.',
      definition: figures, unit: 'bps', width: 8, timeFrom: week,
      queries: [
        {
          expr: 'max_over_time(kansoku:fixed_national_traffic_bits_per_second:rate1h{direction="download"}[1d])',
          legend: '固定 · fixed download',
        },
        {
          expr: 'max_over_time(kansoku:mobile_traffic_bits_per_second:rate1h{direction="download"}[1d])',
          legend: '移動 · mobile download',
        },
      ],
    }),
    lines({
      title: 'グループ別（5分平均） · By group',
      description: 'A1 broadband subscribers, A2 other customers, B1 exchanges, B2 domestic and B3 foreign ISPs, into the ' +
        'contributors (download). A live version of traffic_rate.',
      definition: rules, unit: 'bps', width: 8, timeFrom: week,
      queries: [{
        expr: 'sum by (group, access) (kansoku:traffic_bits_per_second:rate5m{direction="download"})',
        legend: '{{group}} {{access}}',
      }],
    }),
  ],
};

const monthly = {
  title: '月次 · Months',
  panels: [
    months({
      title: '固定（全国推定） · Fixed, national, by month',
      description: 'As published by this office, at the last second of each month in Japan. Lines of one basis only are ' +
        'comparable: a break of the series is marked.' + late,
      definition: figures, unit: 'bps',
      queries: directions((way) => `max by (basis) (${lastOfMonth(`${national},direction="${way}"}`)})`),
    }),
    months({
      title: '移動 · Mobile, by month',
      description: 'As published by this office, at the last second of each month in Japan. Figure mobile_rate.' + late,
      definition: figures, unit: 'bps',
      queries: directions((way) =>
        `max(${lastOfMonth(`kansoku_mobile_traffic_bits_per_second{direction="${way}"}`)})`),
    }),
    months({
      title: '前年同月比 · Growth in a year, by month',
      description: 'Withheld across a break of the series. Figures fixed_download_growth, mobile_growth.' + late,
      definition: figures, unit: 'percentunit', min: undefined, softMax: 0.2,
      queries: [{
        expr: `max by (series, direction) (${lastOfMonth('kansoku_growth_ratio{lag="12_months"}')})`,
        legend: '{{series}} {{direction}}',
      }],
    }),
    months({
      title: 'カバレッジと充足率 · Coverage, completeness',
      description: 'What each month\'s figures rest on: the contributors\' share, and the windows that were present.' + late,
      definition: rules, unit: 'percentunit', max: 1,
      queries: [
        {expr: `max by (basis) (${lastOfMonth('kansoku_fixed_coverage_ratio')})`, legend: 'カバレッジ · coverage, {{basis}}'},
        {expr: `min by (series) (${lastOfMonth('kansoku_period_complete_ratio')})`, legend: '充足率 · complete, {{series}}'},
      ],
    }),
    months({
      title: '1契約当たり · Fixed, for each contract, by month',
      description: 'National rate / contracts of the whole market. Figure fixed_per_contract_rate.' + late,
      definition: figures, unit: 'bps',
      queries: directions((way) =>
        `max(${lastOfMonth(`kansoku_fixed_per_contract_bits_per_second{direction="${way}"}`)})`),
    }),
    months({
      title: '1日当たりの量 · Fixed, volume of a day, by month',
      description: 'National rate x 86400 / 8, decimal bytes. Figure fixed_volume_per_day.' + late,
      definition: figures, unit: 'decbytes',
      queries: directions((way) => `max(${lastOfMonth(`kansoku_fixed_volume_bytes{direction="${way}"}`)})`),
    }),
    months({
      title: '公表された過去の値（2004年〜） · History as others published it, since 2004',
      description: 'National estimates and mobile rates of the ministry, mostly by way of the press; not measured by ' +
        'Kansoku. Values of another basis are another line and are not comparable.',
      definition: 'open-data.md#in-prometheus', unit: 'bps', timeFrom: '22y', width: 24, height: 11,
      queries: [{
        expr: 'max by (series, direction, basis) (last_over_time(kansoku_history_traffic_bits_per_second[31d]))',
        legend: '{{series}} {{direction}} {{basis}}',
      }],
    }),
  ],
};

const vintages = {
  title: '公表状況 · What was published',
  panels: [
    labels({
      title: '公表値の版 · Month and vintage of each figure',
      description: 'Which month and vintage each published figure is of, on which basis, with how many digits.',
      definition: 'vintages.md', unit: 'none',
      queries: [{expr: 'max by (figure, period, basis, vintage, digits) (kansoku_figure_info)', legend: ''}],
    }),
    lines({
      title: '版の数 · Vintages that are kept',
      description: 'By state: provisional, final, revised. A step of revised is a revision; it is marked on every panel of years.',
      definition: 'vintages.md', unit: 'none', decimals: 0,
      queries: [{expr: 'sum by (series, state) (kansoku_vintages_total)', legend: '{{series}} {{state}}'}],
    }),
  ],
};

export const nationalFigures: dashboard.DashboardBuilder = board(
  'kansoku-national', '全国のトラヒック · National figures',
  '図表Ⅱ-1-2-7: fixed and mobile traffic of the nation, as published and as it is now, with its coverage.',
  ['regulator'], 'now-5y', [published, live, monthly, vintages], [],
).annotations([breaks(), revisions()]);
