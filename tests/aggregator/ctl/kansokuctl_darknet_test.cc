// SPDX-License-Identifier: Apache-2.0
//
// `kansokuctl darknet` of whole days, the real program against a real server with canned answers.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/aggregator/ctl/kansokuctl_run.h"

namespace kansoku::testing {
namespace {

// Of 2026-11-21 in Japan.
constexpr char kPorts[] = R"(
  figures { id: "darknet_port_share" labels { key: "rank" value: "1" } labels { key: "protocol" value: "tcp" }
            labels { key: "port" value: "23" } labels { key: "population" value: "all" } value: "0.2420"
            unit: "ratio" period { start_unix_seconds: 1795186800 end_unix_seconds: 1795273200 } windows: 8639
            expected_windows: 8640 flags: QUALITY_FLAG_PARTIAL method: "packets, by all" darknet_rules: 2 darknet_judgement: 1 darknet_revision: 3
            computed_unix_seconds: 1795276800 }
  figures { id: "darknet_port_packets" labels { key: "rank" value: "1" } labels { key: "protocol" value: "tcp" }
            labels { key: "port" value: "23" } labels { key: "population" value: "all" } value: "36400000000"
            unit: "packets" period { start_unix_seconds: 1795186800 end_unix_seconds: 1795273200 } windows: 8639
            expected_windows: 8640 method: "sum" darknet_rules: 2 }
  figures { id: "darknet_port_share" labels { key: "population" value: "non_survey" } unit: "ratio"
            period { start_unix_seconds: 1795186800 end_unix_seconds: 1795273200 } windows: 8640
            expected_windows: 8640 withheld_reason: WITHHELD_REASON_OTHER_KEYS
            withheld_because: "sources of 2 keys, \"a\" and b" method: "share" })";

using KansokuctlDarknet = Kansokuctl;

TEST_F(KansokuctlDarknet, ShowsTheLeadingPortsOfADay) {
  Fill(kPorts, server_.telescope);
  EXPECT_EQ(
      Output({"darknet", "ports", "--day", "2026-11-21"}),
      R"(period      figure                labels                                                       value    windows  rules  remarks
2026-11-21  darknet_port_share    population=all port=23 protocol=tcp rank=1            0.2420 ratio  8639/8640      2  partial
2026-11-21  darknet_port_packets  population=all port=23 protocol=tcp rank=1  36,400,000,000 packets  8639/8640      2
2026-11-21  darknet_port_share    population=non_survey                                     withheld  8640/8640         sources of 2 keys, "a" and b
)");
  ASSERT_EQ(server_.figures_asked.size(), 1u);
  EXPECT_FALSE(server_.figures_asked[0].has_range());
  EXPECT_EQ(
      server_.figures_asked[0].telescope().ShortDebugString(),
      R"(first_day: "2026-11-21" last_day: "2026-11-21" ids: "darknet_port_share" ids: "darknet_port_packets")");
}

TEST_F(KansokuctlDarknet, PrintsARecordForEachFigure) {
  Fill(kPorts, server_.telescope);
  EXPECT_EQ(Output({"darknet", "ports", "--day", "2026-11-21", "--csv"}),
            "period,figure,labels,value,standard_error,unit,start,end,windows,expected_windows,rules,"
            "judgement,revision,"
            "computed,flags,"
            "withheld_reason,withheld_because,method\n"
            "2026-11-21,darknet_port_share,population=all;port=23;protocol=tcp;rank=1,0.2420,,ratio,"
            "2026-11-20T15:00:00Z,2026-11-21T15:00:00Z,8639,8640,2,1,3,2026-11-21T16:00:00Z,partial,,,"
            "\"packets, by "
            "all\"\n"
            "2026-11-21,darknet_port_packets,population=all;port=23;protocol=tcp;rank=1,36400000000,,packets,"
            "2026-11-20T15:00:00Z,2026-11-21T15:00:00Z,8639,8640,2,,0,,,,,sum\n"
            "2026-11-21,darknet_port_share,population=non_survey,,,ratio,"
            "2026-11-20T15:00:00Z,2026-11-21T15:00:00Z,8640,8640,,,0,,,other_keys,"
            "\"sources of 2 keys, \"\"a\"\" and b\",share\n");
  const nlohmann::json answer =
      nlohmann::json::parse(Output({"darknet", "ports", "--day", "2026-11-21", "--json"}));
  ASSERT_EQ(answer["figures"].size(), 3u);
  EXPECT_EQ(answer["figures"][0]["labels"]["port"], "23");
  EXPECT_EQ(answer["figures"][0]["darknet_rules"], 2);
  EXPECT_EQ(answer["figures"][0]["darknet_judgement"], 1);
  EXPECT_EQ(answer["figures"][0]["darknet_revision"], "3");
  EXPECT_EQ(answer["figures"][0]["computed_unix_seconds"], "1795276800");
  EXPECT_EQ(answer["figures"][0]["expected_windows"], "8640");
  EXPECT_EQ(answer["figures"][2]["withheld_reason"], "WITHHELD_REASON_OTHER_KEYS");
}

TEST_F(KansokuctlDarknet, ShowsOnePopulation) {
  Fill(kPorts, server_.telescope);
  Fill(R"(id: "darknet_packets" value: "7" unit: "packets")", *server_.telescope.add_figures());
  const std::string all =
      Output({"darknet", "figures", "--day", "2026-11-21", "--population", "all", "--csv"});
  EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), 4) << all;  // that of no population too
  EXPECT_EQ(all.find("non_survey"), std::string::npos) << all;
  const Finished none =
      Run({"darknet", "ports", "--from", "2026-11-20", "--to", "2026-11-21", "--population", "non_listed"});
  EXPECT_EQ(none.exit_status, 0) << "the figure of no population";
  server_.telescope.mutable_figures()->RemoveLast();
  const Finished empty =
      Run({"darknet", "ports", "--from", "2026-11-20", "--to", "2026-11-21", "--population", "non_listed"});
  EXPECT_EQ(empty.exit_status, 1);
  EXPECT_EQ(empty.err,
            "kansokuctl: there is no such figure of 2026-11-20 to 2026-11-21 and the population non_listed; "
            "kansokuctl darknet figures says which there are, and what is known of these days\n");
}

// What is of no population stands beside it.
TEST_F(KansokuctlDarknet, ShowsHostsOfOnePopulation) {
  Fill(R"(
    figures { id: "darknet_port_hosts" labels { key: "rank" value: "1" } labels { key: "protocol" value: "tcp" }
              labels { key: "port" value: "23" } labels { key: "population" value: "all" } value: "12000"
              unit: "hosts" period { start_unix_seconds: 1795186800 end_unix_seconds: 1795273200 } windows: 8640
              expected_windows: 8640 darknet_rules: 2 }
    figures { id: "darknet_port_hosts" labels { key: "population" value: "non_survey" } unit: "hosts"
              period { start_unix_seconds: 1795186800 end_unix_seconds: 1795273200 } windows: 8640
              expected_windows: 8640 withheld_reason: WITHHELD_REASON_OTHER_KEYS withheld_because: "nobody counted"
              darknet_rules: 2 }
    figures { id: "darknet_non_survey_hosts" labels { key: "family" value: "ipv4" } value: "9000" unit: "hosts"
              period { start_unix_seconds: 1795186800 end_unix_seconds: 1795273200 } windows: 8640
              expected_windows: 8640 darknet_rules: 2 })",
       server_.telescope);
  EXPECT_EQ(
      Output({"darknet", "hosts", "--day", "2026-11-21", "--population", "non_survey"}),
      R"(period      figure                    labels                       value    windows  rules  remarks
2026-11-21  darknet_port_hosts        population=non_survey     withheld  8640/8640      2  nobody counted
2026-11-21  darknet_non_survey_hosts  family=ipv4            9,000 hosts  8640/8640      2
)");
}

TEST_F(KansokuctlDarknet, AsksForTheFiguresOfEachView) {
  Fill(kPorts, server_.telescope);
  const auto ids = [&](const std::string& view) {
    Output({"darknet", view, "--day", "2026-11-21"});
    std::string asked;
    for (const std::string& id : server_.figures_asked.back().telescope().ids()) asked += id + " ";
    return asked;
  };
  EXPECT_EQ(ids("hosts"), "darknet_port_hosts darknet_unique_hosts darknet_non_survey_hosts ");
  EXPECT_EQ(ids("categories"), "darknet_category_share ");
  EXPECT_EQ(ids("classes"), "darknet_class_packets darknet_flagged_packets ");
  EXPECT_EQ(ids("scanners"),
            "darknet_survey_scan_share darknet_survey_sources darknet_tool_sources darknet_tool_packets "
            "darknet_unjudged_packets darknet_most_unjudged_of_one ");
  EXPECT_EQ(ids("victims"),
            "darknet_victims darknet_backscatter_sources darknet_victim_packets "
            "darknet_detectable_flood_rate ");
  EXPECT_EQ(ids("prefixes"), "darknet_prefix_address_seconds ");
  EXPECT_EQ(ids("figures"), "");
}

TEST_F(KansokuctlDarknet, AsksForDaysMonthsAndYears) {
  Fill(kPorts, server_.telescope);
  const auto days = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words = {"darknet", "categories"};
    words.insert(words.end(), more.begin(), more.end());
    Output(words);
    v1::TelescopeSelection asked = server_.figures_asked.back().telescope();
    asked.clear_ids();
    return asked.ShortDebugString();
  };
  EXPECT_EQ(days({"--month", "2024-02"}), R"(first_day: "2024-02-01" last_day: "2024-02-29")");
  EXPECT_EQ(days({"--year", "2026"}), R"(first_day: "2026-01-01" last_day: "2026-12-31" step: STEP_YEAR)");
  EXPECT_EQ(days({"--year", "2026", "--step", "month"}),
            R"(first_day: "2026-01-01" last_day: "2026-12-31" step: STEP_MONTH)");
  EXPECT_EQ(days({"--from", "2026-11-20", "--to", "2026-11-21", "--step", "day"}),
            R"(first_day: "2026-11-20" last_day: "2026-11-21" step: STEP_DAY)");
  Output({"darknet", "categories"});
  const v1::TelescopeSelection& usual = server_.figures_asked.back().telescope();
  EXPECT_EQ(usual.first_day(), usual.last_day());
  EXPECT_EQ(usual.first_day().size(), 10u);
}

TEST_F(KansokuctlDarknet, PassesOnWhyTheAggregatorRefuses) {
  server_.status = {grpc::StatusCode::INVALID_ARGUMENT, "telescope: 401 days"};
  const Finished refused = Run({"darknet", "victims", "--from", "2025-01-01", "--step", "day"});
  EXPECT_EQ(refused.exit_status, 1);
  EXPECT_EQ(refused.err, "kansokuctl: the aggregator at " + server_.address() +
                             " answered INVALID_ARGUMENT: telescope: 401 days\n");
}

TEST_F(KansokuctlDarknet, RefusesBadWordsBeforeItAsks) {
  const auto refusal = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words = {"darknet"};
    words.insert(words.end(), more.begin(), more.end());
    const Finished finished = Run(words);
    EXPECT_EQ(finished.exit_status, 2);
    const std::string head = "kansokuctl: ", see = "; see kansokuctl --help\n";
    EXPECT_TRUE(finished.err.starts_with(head) && finished.err.ends_with(see)) << finished.err;
    return finished.err.substr(head.size(), finished.err.size() - head.size() - see.size());
  };
  EXPECT_EQ(refusal({"ports", "--day", "2026-11-31"}),
            "--day: \"2026-11-31\": expected a day in Japan such as 2026-11-21");
  EXPECT_EQ(refusal({"ports", "--month", "2026-13"}),
            "--month: '2026-13' is not a month; write 2024-11 (1971-01 to 9998-12)");
  EXPECT_EQ(refusal({"ports", "--year", "26"}), "--year: \"26\": expected a year in Japan such as 2026");
  EXPECT_EQ(refusal({"ports", "--to", "2026-11-21"}), "--to: needs --from, the first day");
  EXPECT_EQ(refusal({"ports", "--from", "2026-11-22", "--to", "2026-11-21"}),
            "--from: 2026-11-22 is after --to 2026-11-21");
  EXPECT_EQ(refusal({"ports", "--step", "hour"}), "--step: \"hour\": expected one of day, month, year");
  EXPECT_EQ(refusal({"ports", "--population", "none"}),
            "--population: none not in {non_survey,non_listed,all}");
  EXPECT_EQ(refusal({"ports", "--day", "2026-11-21", "--year", "2026"}), "--day excludes --year");
  EXPECT_EQ(refusal({"ports", "--by", "port"}),
            "--by: not of darknet ports; it asks for days, as kansokuctl darknet ports --help says");
  EXPECT_TRUE(server_.figures_asked.empty());
}

TEST_F(KansokuctlDarknet, ExplainsItself) {
  const Finished help = Run({"darknet", "scanners", "--help"});
  EXPECT_EQ(help.exit_status, 0);
  for (const char* const words : {"Survey scanners, scanning tools", "--population", "Days are in Japan"}) {
    EXPECT_NE(help.out.find(words), std::string::npos) << help.out;
  }
  EXPECT_NE(Run({"darknet", "--help"}).out.find("categories"), std::string::npos);
}

}  // namespace
}  // namespace kansoku::testing
