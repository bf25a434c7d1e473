// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/command_line.h"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "aggregator/ctl/ctl_config.h"
#include "aggregator/ctl/enum_word.h"
#include "aggregator/ctl/figure_commands.h"
#include "aggregator/ctl/live_commands.h"
#include "aggregator/ctl/publish_options.h"
#include "aggregator/ctl/telescope_commands.h"
#include "aggregator/ctl/time_range.h"
#include "proto/contract/version.h"
#include "proto/transport/certificate_files.h"

namespace kansoku::aggregator {
namespace {

constexpr char kTimes[] =
    "Times are UTC dates (2024-11-01), RFC 3339 (2024-11-01T00:00:00+09:00) or seconds of the Unix epoch.\n"
    "Edges are moved outwards to multiples of the step, without one to those of the points' windows; --last "
    "ends at\n"
    "the latest edge that has passed.\n"
    "Exit status: 0; 1 if a problem was found or no answer came; 2 for bad use.";

// What was typed; empty where nothing was.
struct Words {
  std::string config, aggregator;
  uint32_t timeout_seconds = 0;
  bool json = false, csv = false, check_config = false, stored_hours = false;

  std::string silent_after;
  TimeRangeText times;
  std::string step;
  std::vector<std::string> by, points, sensors;
  std::string group, access, technology, direction, family, carrier, transport;
  std::string basis;
  uint32_t top = 0, limit = 0;

  std::string collector, by_whom;
  bool every_state = false;
  std::vector<uint64_t> ids;
  PublishWords publish;
};

struct Parser {
  Words words;
  CLI::App app{
      "Asks a Kansoku aggregator for points, traffic, darknet packets, figures, the ledger and flow records, "
      "and decides about its quarantine.",
      "kansokuctl"};
  CLI::App* points = app.add_subcommand("points", "Measurement points and their latest windows");
  CLI::App* traffic = app.add_subcommand("traffic", "Traffic by time and class");
  CLI::App* flows = app.add_subcommand("flows", "Sizes, durations and losses of flows, by time and class");
  CLI::App* darknet =
      app.add_subcommand("darknet", "Packets at dark addresses: in any range, or figures of whole days");
  CLI::App* figures = app.add_subcommand(
      "figures", "The statistics' figures: of any range, or as they were published of months");
  CLI::App* ledger =
      app.add_subcommand("ledger", "Where every packet and report went, and whether the sums hold");

  CLI::App* records = app.add_subcommand("records", "Records of single flows, of links that send them");

  CLI::App* exports = app.add_subcommand("export", "Published figures in other programs' formats");
  FigureCommands months{*figures, *exports};
  TelescopeCommands days{*darknet};

  CLI::App* quarantine =
      app.add_subcommand("quarantine", "Reports that were acknowledged but cannot be counted (list)");
  CLI::App* list = quarantine->add_subcommand("list", "Those that await a decision");
  CLI::App* show = quarantine->add_subcommand("show", "One of them with all it says");
  CLI::App* admit = quarantine->add_subcommand("admit", "Count them as if they had been in order");
  CLI::App* discard = quarantine->add_subcommand("discard", "Never count them, and erase what they say");

  CLI::App* publish = app.add_subcommand("publish", "A site of figures, charts and open data");
  LiveCommands live{app};

  Parser() {
    app.footer(kTimes);
    app.require_subcommand(0, 1);
    app.set_version_flag("--version", "kansokuctl " + std::string(SoftwareVersion()));
    app.add_option("--aggregator", words.aggregator, "Where the aggregator listens (127.0.0.1:50051)")
        ->type_name("HOST:PORT");
    app.add_option("--timeout", words.timeout_seconds, "How long the answer may take (10)")
        ->check(CLI::Range(1u, 600u))
        ->type_name("SECONDS");
    auto* config = app.add_option("--config", words.config, "Configuration file (docs/configuration.md)");
    config->type_name("FILE");
    app.add_flag("--check-config", words.check_config, "Check the configuration file and exit")
        ->needs(config);
    auto* json = app.add_flag("--json", words.json, "Print the answer as one JSON object");
    app.add_flag("--csv", words.csv, "Print exact numbers as CSV")->excludes(json);
    // Global options may also follow the subcommand.
    for (CLI::App* command : {points, traffic, flows, darknet, figures, ledger, records, exports, quarantine,
                              list, show, admit, discard, publish})
      command->fallthrough();

    points
        ->add_option("--silent-after", words.silent_after,
                     "Exit with 1 if a point's last window ended longer ago")
        ->type_name("SPAN");
    for (CLI::App* command : {traffic, flows, darknet, figures, records}) AddTimes(*command);
    for (CLI::App* command : {traffic, flows, darknet}) {
      command->add_option("--step", words.step, "A row for each such span; one for the whole range if absent")
          ->type_name("SPAN");
    }
    for (CLI::App* command : {traffic, flows}) AddClasses(*command);
    traffic
        ->add_option("--basis", words.basis,
                     "What counts as octets: l3 (IP), l2 (frames), l2_fcs (as SNMP) (l3)")
        ->check(CLI::IsMember({"l3", "l2", "l2_fcs"}));
    AddDarknet();
    AddRecords();
    AddQuarantine();
    AddPublishOptions(*publish, words.publish);
    ledger->add_flag("--stored-hours", words.stored_hours,
                     "Add up every stored hour too; takes long in a store of many years");
  }

  void AddTimes(CLI::App& command) {
    command.add_option("--last", words.times.last, "The latest span, such as 90s, 5m, 1h or 30d (1h)")
        ->type_name("SPAN");
    command.add_option("--from", words.times.from, "Start of the range")->type_name("TIME");
    command.add_option("--to", words.times.to, "End of the range, itself not in it (now)")->type_name("TIME");
  }

  void AddClasses(CLI::App& command) {
    AddList(
        command, "--by", words.by,
        "Rows apart by group, access, technology, direction, family, carrier, transport, point, isp; or none "
        "(access,direction)");
    AddList(command, "--point", words.points, "Only these points");
    command.add_option("--group", words.group, "Only this traffic group: a1, a2, b1, b2, b3");
    command.add_option("--access", words.access, "Only fixed or mobile");
    command.add_option("--technology", words.technology, "Only this access technology");
    command.add_option("--direction", words.direction, "Only download, upload, internal or transit");
    command.add_option("--family", words.family, "Only ipv4 or ipv6");
    command.add_option("--carrier", words.carrier, "Only native, pppoe, mpls, l2tp, gtpu, 4in6 ...");
    command.add_option("--transport", words.transport, "Only tcp, udp, icmp, sctp, esp, wireguard or other");
  }

  void AddDarknet() {
    AddList(*darknet, "--by", words.by,
            "Rows apart by sensor, class, family, protocol, port; or none (class)");
    AddList(*darknet, "--sensor", words.sensors, "Only these sensors");
    darknet->add_option("--top", words.top, "Only so many rows with most packets, in each step")
        ->type_name("ROWS");
  }

  void AddRecords() {
    AddList(*records, "--point", words.points, "Only these points");
    records->add_option("--limit", words.limit, "Only so many records, the earliest windows' first (all)")
        ->type_name("RECORDS");
  }

  void AddQuarantine() {
    quarantine->require_subcommand(0, 1);
    quarantine->add_option("--collector", words.collector, "Only those of this collector")->type_name("NAME");
    quarantine->add_flag("--all", words.every_state, "Also those that were decided about, or dropped");
    show->add_option("id", words.ids, "As listed")->required()->expected(1)->type_name("ID");
    // Not by envname(): CLI11 asks it for the command that was not given too, and overwrites what --by said.
    if (const char* user = std::getenv("USER")) words.by_whom = user;
    for (CLI::App* command : {admit, discard}) {
      command->add_option("id", words.ids, "As listed")->required()->type_name("ID");
      command->add_option("--by", words.by_whom, "Who decides, for the record ($USER)")
          ->required(words.by_whom.empty())
          ->type_name("NAME");
    }
  }

  static void AddList(CLI::App& command, const char* name, std::vector<std::string>& words,
                      const char* help) {
    command.add_option(name, words, help)->delimiter(',')->allow_extra_args(false)->type_name("WORD");
  }
};

// The dimensions asked for, or the usual ones. "none" asks for no dimension at all.
template <typename Dimension>
absl::Status SetBy(const std::vector<std::string>& words, const std::vector<std::string>& usual,
                   google::protobuf::RepeatedField<int>& by) {
  if (words == std::vector<std::string>{"none"}) return absl::OkStatus();
  for (const std::string& word : words.empty() ? usual : words) {
    const absl::StatusOr<Dimension> dimension = ParseWord<Dimension>("--by", word);
    if (!dimension.ok()) return dimension.status();
    by.Add(*dimension);
  }
  return absl::OkStatus();
}

template <typename Enum>
absl::Status SetOnly(const char* option, const std::string& word, void (v1::TrafficClass::*set)(Enum),
                     v1::TrafficClass& only) {
  if (word.empty()) return absl::OkStatus();
  const absl::StatusOr<Enum> value = ParseWord<Enum>(option, word);
  if (value.ok()) (only.*set)(*value);
  return value.status();
}

absl::Status SetClass(const Words& words, v1::TrafficClass& only) {
  for (const absl::Status& status : {
           SetOnly("--group", words.group, &v1::TrafficClass::set_group, only),
           SetOnly("--access", words.access, &v1::TrafficClass::set_access, only),
           SetOnly("--technology", words.technology, &v1::TrafficClass::set_technology, only),
           SetOnly("--direction", words.direction, &v1::TrafficClass::set_direction, only),
           SetOnly("--family", words.family, &v1::TrafficClass::set_family, only),
           SetOnly("--carrier", words.carrier, &v1::TrafficClass::set_carrier, only),
           SetOnly("--transport", words.transport, &v1::TrafficClass::set_transport, only),
       }) {
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<uint32_t> StepOf(const Words& words) {
  if (words.step.empty()) return 0;
  const absl::StatusOr<uint32_t> step = ParseSeconds(words.step);
  return step.ok() ? step : absl::InvalidArgumentError(absl::StrCat("--step: ", step.status().message()));
}

// What traffic and darknet have in common.
template <typename Asked>
absl::Status SetRangeAndStep(const Words& words, absl::Time now, Asked& request) {
  const absl::StatusOr<uint32_t> step = StepOf(words);
  if (!step.ok()) return step.status();
  request.set_step_seconds(*step);
  const absl::StatusOr<v1::TimeRange> range = ToTimeRange(words.times, *step, now);
  if (range.ok()) *request.mutable_range() = *range;
  return range.status();
}

OctetsBasis BasisOf(const Words& words) {
  for (const OctetsBasis basis : kOctetsBases) {
    if (Label(basis) == words.basis) return basis;
  }
  return OctetsBasis::kL3;
}

absl::StatusOr<v1::GetTrafficRequest> TrafficRequest(const Words& words, absl::Time now) {
  v1::GetTrafficRequest request;
  absl::Status status = SetRangeAndStep(words, now, request);
  if (status.ok()) status = SetBy<v1::Dimension>(words.by, {"access", "direction"}, *request.mutable_by());
  if (status.ok()) status = SetClass(words, *request.mutable_only());
  if (!status.ok()) return status;
  request.mutable_points()->Assign(words.points.begin(), words.points.end());
  return request;
}

absl::StatusOr<Request> TrafficOrFlows(const Words& words, bool flows, absl::Time now) {
  absl::StatusOr<v1::GetTrafficRequest> request = TrafficRequest(words, now);
  if (!request.ok()) return request.status();
  if (!flows) return TrafficQuestion{*std::move(request), BasisOf(words)};
  request->set_statistics(true);
  return FlowsQuestion{*std::move(request)};
}

absl::StatusOr<Request> DarknetRequest(const Words& words, absl::Time now) {
  v1::GetDarknetRequest request;
  absl::Status status = SetRangeAndStep(words, now, request);
  if (status.ok()) status = SetBy<v1::DarknetDimension>(words.by, {"class"}, *request.mutable_by());
  if (!status.ok()) return status;
  request.mutable_sensors()->Assign(words.sensors.begin(), words.sensors.end());
  request.set_top(words.top);
  return request;
}

absl::StatusOr<Request> FiguresRequest(const Words& words, absl::Time now) {
  v1::GetFiguresRequest request;
  const absl::StatusOr<v1::TimeRange> range = ToTimeRange(words.times, 0, now);
  if (!range.ok()) return range.status();
  *request.mutable_range() = *range;
  return request;
}

v1::GetLedgerRequest LedgerRequest(const Words& words) {
  v1::GetLedgerRequest request;
  request.set_stored_hours(words.stored_hours);
  return request;
}

absl::StatusOr<Request> RecordsRequest(const Words& words, absl::Time now) {
  v1::ListFlowRecordsRequest request;
  const absl::StatusOr<v1::TimeRange> range = ToTimeRange(words.times, 0, now);
  if (!range.ok()) return range.status();
  *request.mutable_range() = *range;
  request.mutable_points()->Assign(words.points.begin(), words.points.end());
  request.set_page_size(words.limit);
  return request;
}

Request QuarantineRequest(const Parser& parser) {
  const Words& words = parser.words;
  if (parser.show->parsed()) {
    v1::GetQuarantinedRequest request;
    request.set_id(words.ids.at(0));
    return request;
  }
  if (parser.admit->parsed() || parser.discard->parsed()) {
    DecideQuestion question{.admit = parser.admit->parsed()};
    for (const uint64_t id : words.ids) {
      v1::DecideQuarantinedRequest& request = question.requests.emplace_back();
      request.set_id(id);
      request.set_by(words.by_whom);
    }
    return question;
  }
  v1::ListQuarantineRequest request;
  request.set_collector(words.collector);
  request.set_every_state(words.every_state);
  return request;
}

absl::StatusOr<Request> RequestOf(const Parser& parser, absl::Time now) {
  if (parser.points->parsed()) return v1::ListPointsRequest();
  if (parser.traffic->parsed()) return TrafficOrFlows(parser.words, /*flows=*/false, now);
  if (parser.flows->parsed()) return TrafficOrFlows(parser.words, /*flows=*/true, now);
  if (parser.days.parsed()) return parser.days.RequestOf(now);
  if (parser.darknet->parsed()) return DarknetRequest(parser.words, now);
  if (parser.months.parsed()) return parser.months.RequestOf(now);
  if (parser.figures->parsed()) return FiguresRequest(parser.words, now);
  if (parser.ledger->parsed()) return LedgerRequest(parser.words);
  if (parser.records->parsed()) return RecordsRequest(parser.words, now);
  if (parser.quarantine->parsed()) return QuarantineRequest(parser);
  if (parser.publish->parsed()) return ToQuestion(parser.words.publish);
  if (parser.live.parsed()) return parser.live.RequestOf();
  return absl::InvalidArgumentError("nothing to do: name a subcommand");
}

absl::StatusOr<Question> QuestionOf(const Parser& parser, const v1::CtlConfig& config, absl::Time now) {
  const Words& words = parser.words;
  Question question;
  question.server = {words.aggregator.empty() ? config.aggregator() : words.aggregator,
                     words.timeout_seconds == 0 ? config.timeout_seconds() : words.timeout_seconds,
                     std::nullopt};
  if (const absl::Status status = CheckAggregatorAddress(question.server.address, config.has_tls());
      !status.ok()) {
    return absl::InvalidArgumentError(absl::StrCat("--aggregator: ", status.message()));
  }
  if (config.has_tls()) {
    if (const absl::Status status = CheckCertificateFiles(config.tls(), now); !status.ok()) return status;
    question.server.tls = config.tls();
  }
  if ((parser.exports->parsed() || parser.live.draws()) && (words.json || words.csv)) {
    return absl::InvalidArgumentError("--json, --csv: an export has a format of its own, and so has top");
  }
  question.format = words.json ? Format::kJson : words.csv ? Format::kCsv : Format::kTable;
  if (!words.silent_after.empty()) {
    const absl::StatusOr<uint32_t> seconds = ParseSeconds(words.silent_after);
    if (!seconds.ok()) {
      return absl::InvalidArgumentError(absl::StrCat("--silent-after: ", seconds.status().message()));
    }
    question.silent_after_seconds = *seconds;
  }
  absl::StatusOr<Request> request = RequestOf(parser, now);
  if (!request.ok()) return request.status();
  question.request = *std::move(request);
  const bool is_of_rollups = parser.traffic->parsed() || parser.flows->parsed() ||
                             (parser.darknet->parsed() && !parser.days.parsed()) ||
                             (parser.figures->parsed() && !parser.months.parsed());
  if (is_of_rollups && words.step.empty()) question.times = words.times;
  return question;
}

}  // namespace

std::variant<int, Question> ParseCommandLine(int argc, const char* const* argv, absl::Time now,
                                             std::ostream& out, std::ostream& err) {
  const auto refuse = [&](std::string_view what) {
    err << "kansokuctl: " << what << "; see kansokuctl --help\n";
    return kBadUse;
  };
  Parser parser;
  try {
    parser.app.parse(argc, argv);
  } catch (const CLI::Success& help_or_version) {
    return parser.app.exit(help_or_version, out, err);
  } catch (const CLI::ParseError& error) {
    return refuse(error.what());
  }
  const absl::StatusOr<v1::CtlConfig> config = LoadCtlConfig(parser.words.config);
  if (!config.ok()) return refuse(std::string(config.status().message()));
  if (parser.words.check_config) {
    out << parser.words.config << ": ok, aggregator " << config->aggregator() << "\n";
    return kOk;
  }
  absl::StatusOr<Question> question = QuestionOf(parser, *config, now);
  if (!question.ok()) return refuse(std::string(question.status().message()));
  return *std::move(question);
}

}  // namespace kansoku::aggregator
