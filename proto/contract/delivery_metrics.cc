// SPDX-License-Identifier: Apache-2.0
//
// The rows of the catalogue that say how reports reach the store.
#include "proto/contract/metric_catalog.h"

namespace kansoku::metrics {

const Metric kCollectorConnected{"kansoku_collector_connected",
                                 MetricType::kGauge,
                                 "1",
                                 "isp,collector",
                                 "1 while the collector's stream is open.",
                                 "Ingest.Report"};
const Metric kCollectorLastHeard{"kansoku_collector_last_heard_timestamp_seconds",
                                 MetricType::kGauge,
                                 "seconds",
                                 "isp,collector",
                                 "When the collector last sent anything, in seconds of the Unix epoch.",
                                 "Ingest.Report"};
const Metric kCollectorClockOffset{
    "kansoku_collector_clock_offset_seconds",
    MetricType::kGauge,
    "seconds",
    "isp,collector",
    "How far the collector's clock is ahead of the aggregator's: the largest difference of the latest "
    "messages, "
    "below the truth by no more than the quickest of them was under way. Absent until one came.",
    "CollectorMessage.sent_unix_nanoseconds - time of receipt"};
const Metric kCollectorCertificateExpiry{
    "kansoku_collector_certificate_expiry_timestamp_seconds",
    MetricType::kGauge,
    "seconds",
    "isp,collector",
    "When the first of the certificates that the collector showed last ends. Absent until one came, and over "
    "plain text.",
    "X.509 notAfter"};
const Metric kCollectorReports{"kansoku_collector_reports",
                               MetricType::kGauge,
                               "reports",
                               "isp,collector,state",
                               "The collector's own account of its reports, over all its epochs.",
                               "Delivery"};
const Metric kCollectorConfigReloads{
    "kansoku_collector_config_reloads_total",
    MetricType::kCounter,
    "reloads",
    "isp,collector,result",
    "Times that the collector read its configuration again since it started, by whether it was taken or "
    "refused as not valid.",
    "ConfigurationState"};
const Metric kCollectorConfigReloadSuccessful{
    "kansoku_collector_config_last_reload_successful",
    MetricType::kGauge,
    "1",
    "isp,collector",
    "1 unless the configuration that the collector read last was refused, so that the one before stayed in "
    "force.",
    "ConfigurationState.is_refused"};
const Metric kCollectorConfigAwaitingRestart{
    "kansoku_collector_config_awaiting_settings",
    MetricType::kGauge,
    "settings",
    "isp,collector",
    "Settings of the collector's configuration that changed and hold from its next start on.",
    "ConfigurationState.awaiting_restart"};
const Metric kCollectorCpuSeconds{
    "kansoku_collector_cpu_seconds_total",
    MetricType::kCounter,
    "seconds",
    "isp,collector",
    "Processor time of all threads of the collector since it started. Absent while its stream is not open.",
    "ProcessUse.cpu_milliseconds"};
const Metric kCollectorResidentBytes{
    "kansoku_collector_resident_bytes",
    MetricType::kGauge,
    "bytes",
    "isp,collector",
    "Memory of the collector that is resident. Absent while its stream is not open.",
    "ProcessUse.resident_bytes"};
const Metric kDuplicateReports{
    "kansoku_ingest_duplicate_reports_total",        MetricType::kCounter,      "reports", "isp,collector",
    "Reports that arrived again; each counts once.", "SequencedReport.sequence"};
const Metric kMissingReports{
    "kansoku_ingest_missing_reports_total",
    MetricType::kCounter,
    "reports",
    "isp,collector",
    "Reports that the collector no longer had, and of which it could not say which window they were.",
    "Hello.first_sequence, Tombstone"};
const Metric kRefusedReports{
    "kansoku_ingest_refused_reports_total",
    MetricType::kCounter,
    "reports",
    "isp,collector",
    "Reports of batches that were refused: their numbers do not rise by one, or leave a gap.",
    "aggregator/ingest/report_validation.h"};
const Metric kRefusedHellos{
    "kansoku_ingest_refused_hellos_total",
    MetricType::kCounter,
    "hellos",
    "",
    "Streams refused at their Hello since the start of the process; the log says which "
    "collectors, and why.",
    "aggregator/ingest/report_validation.h"};
const Metric kQuarantinedReports{"kansoku_ingest_quarantined_reports_total",
                                 MetricType::kCounter,
                                 "reports",
                                 "isp,collector,reason",
                                 "Reports acknowledged without being counted, by reason.",
                                 "aggregator/ingest/report_judgement.h"};
const Metric kQuarantine{"kansoku_quarantine_reports",
                         MetricType::kGauge,
                         "reports",
                         "isp,collector,state",
                         "Of these, those that are held until an operator decides, admitted, discarded, and "
                         "those whose content gave "
                         "way to that of newer ones.",
                         "QuarantineCount"};
const Metric kDeniedQueries{
    "kansoku_query_denied_requests_total",
    MetricType::kCounter,
    "requests",
    "",
    "Questions that were not answered since the start of the process, because the asker's "
    "certificate or role does not allow them.",
    "aggregator/access/access_control.h"};
const Metric kFailedHandshakes{
    "kansoku_tls_failed_handshakes_total",
    MetricType::kCounter,
    "handshakes",
    "",
    "Connections refused in the TLS handshake since the start of the process; the log "
    "says why.",
    "proto/transport/handshake_log.h"};
const Metric kLimitsExceeded{
    "kansoku_limits_exceeded_total",
    MetricType::kCounter,
    "1",
    "limit",
    "Times since the start of the process that a peer wanted more than one may have; by report_rate a stream "
    "was only left unread for a while, by any other a stream or a question was refused.",
    "aggregator/access/limits.h"};
const Metric kAcknowledgement{
    "kansoku_acknowledgement_seconds",
    MetricType::kHistogram,
    "seconds",
    "",
    "Time from the arrival of a batch of reports to its acknowledgement, which follows its commit; since the "
    "start of the process.",
    "aggregator/ingest/acknowledgement_times.h"};
const Metric kStoreBytes{"kansoku_store_bytes",
                         MetricType::kGauge,
                         "bytes",
                         "",
                         "Size of the store's file and of the log beside it.",
                         "stat(2)"};
const Metric kStoreFreeDiskBytes{"kansoku_store_free_disk_bytes",
                                 MetricType::kGauge,
                                 "bytes",
                                 "",
                                 "What is left for the store on its file system.",
                                 "statvfs(3)"};
const Metric kStoreWritable{
    "kansoku_store_writable",
    MetricType::kGauge,
    "1",
    "",
    "1 while the store can be written; 0 while it cannot, and nothing is acknowledged.",
    "aggregator/ingest/store_health.h"};
const Metric kStoreCommits{"kansoku_store_commits_total",
                           MetricType::kCounter,
                           "commits",
                           "",
                           "Transactions committed since the start of the process.",
                           "aggregator/store"};
const Metric kStoreCommitErrors{"kansoku_store_commit_errors_total",
                                MetricType::kCounter,
                                "commits",
                                "",
                                "Transactions that failed since the start of the process; nothing was lost.",
                                "aggregator/store"};
const Metric kStoreExpireErrors{
    "kansoku_store_expire_errors_total",
    MetricType::kCounter,
    "attempts",
    "",
    "Attempts to forget what is past its retention that failed since the start of "
    "the process; the store grows meanwhile.",
    "aggregator/store"};

}  // namespace kansoku::metrics
