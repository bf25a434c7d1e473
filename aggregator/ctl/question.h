// SPDX-License-Identifier: Apache-2.0
//
// What the command line asks: of whom, what, and how to print the answer. Plain data.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "aggregator/ctl/publish_question.h"
#include "aggregator/ctl/time_range.h"
#include "kansoku/v1/admin.pb.h"
#include "kansoku/v1/config.pb.h"
#include "kansoku/v1/query.pb.h"
#include "proto/contract/estimated_totals.h"

namespace kansoku::aggregator {

enum class Format { kTable, kCsv, kJson };

struct Server {
  std::string address;  // host:port
  uint32_t timeout_seconds = 10;
  std::optional<v1::TlsConfig> tls;  // its files were checked; without it, plain text
};

// `traffic` and `flows` ask for the same rows and show other sides of them.
struct TrafficQuestion {
  v1::GetTrafficRequest request;
  OctetsBasis basis = OctetsBasis::kL3;
};
struct FlowsQuestion {
  v1::GetTrafficRequest request;  // with statistics
};

// Reports in quarantine to be admitted, else discarded, one after the other.
struct DecideQuestion {
  bool admit = false;
  std::vector<v1::DecideQuarantinedRequest> requests;
};

// Published figures of months.
struct MonthsQuestion {
  v1::GetFiguresRequest request;
  std::map<std::string, std::string> where;  // labels that a figure must have
  bool explain = false;                      // each with its steps
};

// Figures of whole days of the telescopes.
struct TelescopeQuestion {
  v1::GetFiguresRequest request;
  std::string population;  // of figures that are of one, only those of this; empty: each
};

// The same of every figure that has a metric, as OpenMetrics; and what others published of those months.
struct ExportQuestion {
  v1::GetFiguresRequest request;
  std::string history_folder;  // empty: the figures alone
  bool only_history = false;   // then no aggregator is asked
  bool of_telescopes = false;  // instead of a series: years, of the history alone
};

// Where the data stop on their way from the collectors to Prometheus.
struct DoctorQuestion {
  std::string metrics;     // http://127.0.0.1:9464; empty: not to be looked at
  std::string prometheus;  // http://127.0.0.1:9090; likewise
};

enum class TopOrder { kRate, kName, kDrops, kLag };

// Rates, drops and lag as they are now, drawn again and again.
struct TopQuestion {
  uint32_t interval_seconds = 2;
  bool once = false;
  TopOrder order = TopOrder::kRate;
};

// One for each subcommand.
using Request =
    std::variant<v1::ListPointsRequest, TrafficQuestion, FlowsQuestion, v1::GetDarknetRequest,
                 v1::GetFiguresRequest, MonthsQuestion, TelescopeQuestion, v1::ListFigureKindsRequest,
                 v1::ListVintagesRequest, v1::RecomputeVintageRequest, v1::GetMatchedPanelRequest,
                 ExportQuestion, v1::GetLedgerRequest, v1::ListFlowRecordsRequest, v1::ListQuarantineRequest,
                 v1::GetQuarantinedRequest, DecideQuestion, PublishQuestion, DoctorQuestion, TopQuestion>;

struct Question {
  Server server;
  Format format = Format::kTable;
  Request request;
  // What the range was made of, where its edges are to be those of its points' windows: a question about
  // rollups, without a step.
  std::optional<TimeRangeText> times;
  // Whether standard output is a terminal, where rows that follow each other in time are also drawn.
  bool on_terminal = false;
  // A point whose last window ended longer ago is a problem. For `points` only.
  std::optional<uint32_t> silent_after_seconds;
};

}  // namespace kansoku::aggregator
