// SPDX-License-Identifier: Apache-2.0
//
// What a statistical office gets wrong, with the real programs: each mistake is refused with its place and
// what to do, and nothing that was published changes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "aggregator/register/register_folder.h"
#include "aggregator/store/sqlite_store.h"
#include "aggregator/vintage/month_keeper.h"
#include "proto/contract/month.h"
#include "tests/testing/capture_writer.h"
#include "tests/testing/child_process.h"
#include "tests/testing/packet_builder.h"
#include "tests/testing/skip_or_fail.h"
#include "tests/testing/temp_dir.h"

namespace kansoku::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr uint32_t kWindowSeconds = 300;

// Half of the market contributes to November 2024, and to no other month.
const std::map<std::string, std::string> kRegister = {
    {"register.yaml",
     "publisher: {name_ja: a, name_en: b, contact: c}\n"
     "fewest_contributors: 1\n"
     "contributors:\n"
     "  - {isp: kita, name_ja: a, name_en: b, series: fixed, member_since: 2024-11, member_until: 2024-12, "
     "points: [{point: k, group: a1}]}\n"},
    {"contracts.csv",
     "series,quarter,released,contributor,contracts,source\n"
     "fixed,2024-09,2024-12-20,,1000000,s\n"
     "fixed,2024-09,2024-12-20,kita,500000,s\n"},
    {"coverage.csv", "month,basis,share,released,source\n"},
    {"holidays.csv", "date,name_ja,name_en\n2024-11-04,a,b\n"},
    {"presentations.csv",
     "figure,since,unit,power_of_ten,digits\nfixed_download_national,2004-09,Gbps,9,1\n"},
};

class BadInput : public ::testing::Test {
 protected:
  BadInput() {
    std::filesystem::create_directory(dir_.File("register"));
    for (const auto& [name, text] : kRegister) Write("register/" + name, text);
    Write("aggregator.yaml",
          absl::StrCat("listen: 127.0.0.1:0\nmetrics_listen: 127.0.0.1:0\nstore_path: ",
                       dir_.File("store.db"), "\nstatistics: {folder: ", dir_.File("register"), "}\n"));
  }

  void Write(const std::string& name, const std::string& text) {
    std::ofstream(dir_.File(name), std::ios::binary) << text;
  }
  // Exchanges a part of one of the register's files.
  void Edit(const std::string& name, const std::string& part, const std::string& other) {
    ASSERT_THAT(kRegister.at(name), HasSubstr(part));
    Write("register/" + name, absl::StrReplaceAll(kRegister.at(name), {{part, other}}));
  }
  void Append(const std::string& name, const std::string& row) {
    Write("register/" + name, kRegister.at(name) + row);
  }

  // A gigabit a second in every window of November 2024.
  void Measure(const std::string& isp) {
    auto store = OpenStore();
    v1::Hello hello;
    hello.set_collector("c");
    hello.set_isp(isp);
    hello.set_software_version("0.1.0");
    hello.set_epoch(1);
    hello.set_first_sequence(1);
    v1::PointDescription& point = *hello.add_points();
    point.set_point("k");
    point.set_group(v1::GROUP_A1);
    point.set_window_seconds(kWindowSeconds);
    ASSERT_TRUE(store->Welcome(hello, absl::Now()).ok());
    aggregator::CollectorBatch batch{.collector = "c", .epoch = 1};
    for (int64_t start = StartUnixSeconds({2024, 11}); start < EndUnixSeconds({2024, 11});
         start += kWindowSeconds) {
      v1::SequencedReport& sequenced = batch.reports.emplace_back();
      sequenced.set_sequence(batch.reports.size());
      v1::WindowReport& report = *sequenced.mutable_report();
      report.set_point("k");
      report.set_window_start_unix_seconds(start);
      report.set_window_seconds(kWindowSeconds);
      report.mutable_measurement()->set_windows(1);
      v1::Cell& cell = *report.mutable_measurement()->add_cells();
      cell.mutable_traffic_class()->set_access(v1::ACCESS_FIXED);
      cell.mutable_traffic_class()->set_direction(v1::DIRECTION_DOWNLOAD);
      cell.set_packets(1);
      cell.set_ip_octets(uint64_t{1'000'000'000} / 8 * kWindowSeconds);
    }
    ASSERT_TRUE(store->Commit({&batch, 1}, absl::Now()).ok());
  }

  // As the aggregator does by itself, when the month is over for long.
  void Publish() {
    const auto read = aggregator::ReadRegister(dir_.File("register"));
    ASSERT_TRUE(read.ok()) << read.status();
    aggregator::MonthKeeper keeper(aggregator::CurrentMethod());
    const auto store = OpenStore();
    ASSERT_EQ(keeper.Keep(*store, *read, absl::Now(), [](const v1::Vintage&) {}), absl::OkStatus());
  }

  std::unique_ptr<aggregator::Store> OpenStore() {
    auto store = aggregator::SqliteStore::Open({.path = dir_.File("store.db")});
    EXPECT_TRUE(store.ok()) << store.status();
    return *std::move(store);
  }

  std::vector<std::string> Aggregator() const {
    return {KANSOKU_AGGREGATOR, "--config", dir_.File("aggregator.yaml")};
  }
  static std::string AddressOf(ChildProcess& aggregator) {
    const std::string line = aggregator.WaitForLine("listening:");
    return line.substr(line.find("127.0.0.1:"), line.find(',') - line.find("127.0.0.1:"));
  }
  static Finished Ask(const std::string& address, std::vector<std::string> question) {
    question.insert(question.begin(), {KANSOKU_CTL, "--aggregator", address});
    return RunProgram(question, 60);
  }
  static std::string National(const std::string& address) {
    return Ask(address, {"figures", "show", "fixed_download_national", "--month", "2024-11"}).out;
  }

  TempDir dir_;
};

TEST_F(BadInput, AMistakeInTheRegisterIsRefusedWithFileRowAndRemedy) {
  const struct {
    std::string file;
    std::string row;
    std::string refusal;
  } mistakes[] = {
      {"coverage.csv", "2024-11,contract_share,1.2,2025-02-14,s\n",
       "coverage.csv:2: share: \"1.2\": expected a decimal above 0 and at most 1, such as 0.439"},
      {"contracts.csv", "fixed,2024-09,2024-12-21,kita,1000001,s\n",
       "contracts.csv:2: contracts: \"1000000\": the contributors to fixed have 1000001 of 2024-09 together, "
       "more than the whole market; correct one of them"},
      {"contracts.csv", "fixed,2024-09,2024-12-20,nishi,1,s\n",
       "contracts.csv:4: contributor: \"nishi\": register.yaml has no such contributor to fixed; list it "
       "there, or take the row out"},
      {"contracts.csv", "fixed,2024-10,2024-12-20,kita,1,s\n",
       "contracts.csv:4: quarter: \"2024-10\": not the last month of a quarter; write 2024-09"},
      {"contracts.csv", "fixed,2024-12,2024-12-20,kita,1,s\n",
       "contracts.csv:4: released: \"2024-12-20\": before its quarter's end; expected 2025-01-01 or later"},
      {"contracts.csv", "fixed,2024-09,2024-12-20,kita,1,s\n",
       "contracts.csv:4: released: the series, quarter, contributor and release of line 3 again; take one of "
       "the two out"},
      {"holidays.csv", "2024-11-31,a,b\n",
       "holidays.csv:3: date: \"2024-11-31\": expected a date such as 2024-11-01"},
      {"presentations.csv", "fixed_donwload_national,2014-11,Tbps,12,1\n",
       "presentations.csv:3: figure: \"fixed_donwload_national\": is no figure; the nearest are "
       "fixed_download_national, "},
      {"presentations.csv", "fixed_download_national,2014-11,%,0,1\n",
       "presentations.csv:3: unit: \"%\": it is in bit/s, and only a ratio is printed in %; expected a unit "
       "of bit/s"},
      {"presentations.csv", "fixed_download_national,2014-11,Tbps,9,1\n",
       "presentations.csv:3: power_of_ten: \"9\": Tbps is a unit of 10^12; expected 12, or another unit"},
  };
  std::vector<std::string> check = Aggregator();
  check.push_back("--check-config");
  const Finished accepted = RunProgram(check, 30);
  EXPECT_EQ(accepted.exit_status, 0) << accepted.err;
  EXPECT_THAT(accepted.out, HasSubstr("register: ok, register "));
  for (const auto& mistake : mistakes) {
    Append(mistake.file, mistake.row);
    const Finished run = RunProgram(check, 30);
    EXPECT_EQ(run.exit_status, 2) << mistake.row;
    EXPECT_THAT(run.err, HasSubstr(absl::StrCat(dir_.File("register"), "/", mistake.refusal)));
    Append(mistake.file, "");
  }
}

// Measuring must not wait for it.
TEST_F(BadInput, AnAggregatorWhoseRegisterIsWrongMeasuresAndSaysSo) {
  Append("presentations.csv", "fixed_donwload_national,2014-11,Tbps,12,1\n");
  ChildProcess aggregator(Aggregator());
  EXPECT_THAT(aggregator.WaitForLine("the register of statistics is not taken"),
              AllOf(HasSubstr("presentations.csv:3: figure: \"fixed_donwload_national\""),
                    HasSubstr("without one no month is computed")));
  EXPECT_THAT(Ask(AddressOf(aggregator), {"points"}).exit_status, 0);
}

TEST_F(BadInput, ContractsThatAreMissingWithholdTheFigureAndSayWhich) {
  Edit("contracts.csv", "fixed,2024-09,2024-12-20,kita,500000,s\n", "");
  Measure("kita");
  Publish();
  ChildProcess aggregator(Aggregator());
  EXPECT_THAT(National(AddressOf(aggregator)),
              HasSubstr("contracts.csv has no row of \"kita\" of the fixed series at 2024-09"));
}

TEST_F(BadInput, APointOfAnotherIspThanItsCollectorsIsRefused) {
  Measure("minami");
  ChildProcess aggregator(Aggregator());
  EXPECT_THAT(aggregator.WaitForLine("cannot be brought up to date"),
              HasSubstr("point \"k\": the register of statistics has it as a1 of \"kita\", its collector as "
                        "a1 of \"minami\"; correct the one that is wrong"));
}

TEST_F(BadInput, AMonthThatIsNotOverIsNotTold) {
  ChildProcess aggregator(Aggregator());
  const Finished asked =
      Ask(AddressOf(aggregator), {"figures", "show", "fixed_download_national", "--month", "2999-12"});
  EXPECT_EQ(asked.exit_status, 1);
  EXPECT_EQ(asked.out, "");
  EXPECT_THAT(asked.err, HasSubstr("2999-12 is not over: it ends when 3000-01-01 begins in Japan (JST), and "
                                   "is published then; the last that is over is "));
}

TEST_F(BadInput, AnEditThatWouldChangeAPublishedNumberIsRefusedUntilItIsMeant) {
  Measure("kita");
  Publish();
  ChildProcess aggregator(Aggregator());
  const std::string address = AddressOf(aggregator);
  EXPECT_THAT(National(address), HasSubstr("2.0 Gbps"));

  Edit("contracts.csv", "kita,500000", "kita,400000");
  aggregator.Signal(SIGHUP);
  EXPECT_THAT(aggregator.WaitForLine("the register of statistics is not taken"),
              AllOf(HasSubstr("the register would change what was published"),
                    HasSubstr("fixed 2024-11 fixed_download_national: 2.0 Gbps would become 2.5 Gbps"),
                    HasSubstr("state under revisions in register.yaml that it is meant: {series: fixed, "
                              "month: 2024-11, because: ..., by: ...}")));
  EXPECT_THAT(National(address), HasSubstr("2.0 Gbps"));

  Append("register.yaml",
         "revisions: [{series: fixed, month: 2024-11, because: kita recounted, by: Sato}]\n");
  aggregator.Signal(SIGHUP);
  EXPECT_THAT(aggregator.WaitForLine("fixed 2024-11: vintage 2"),
              AllOf(HasSubstr("revised, by Sato"), HasSubstr("kita recounted")));
  EXPECT_THAT(National(address), HasSubstr("2.5 Gbps"));
}

TEST_F(BadInput, ACollectorWhoseClockIsInTheWrongZoneIsNotCounted) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the sanitizer and libfaketime both want to be loaded first";
#endif
  if (std::string(KANSOKU_LIBFAKETIME).empty()) {
    return SkipOrFail(
        "libfaketime is missing; deploy/dependencies --for test installs it, then configure again");
  }
  ChildProcess aggregator(Aggregator());
  const std::string address = AddressOf(aggregator);
  CaptureWriter writer;
  writer.Add(absl::ToUnixNanos(absl::Now() - absl::Hours(9)),
             PacketBuilder().Ethernet().Ipv4("192.0.2.1", "192.0.2.2").Udp(1, 2).Build());
  Write("one.pcap", writer.bytes());
  Write("collector.yaml", absl::StrCat("collector: c\nisp: kita\naggregator: {address: \"", address,
                                       "\"}\nspool: {path: ", dir_.File("spool.db"),
                                       "}\nlinks: [{point: k, file: ", dir_.File("one.pcap"), "}]\n"));
  ChildProcess collector({"env", absl::StrCat("LD_PRELOAD=", KANSOKU_LIBFAKETIME), "FAKETIME=-9h",
                          "FAKETIME_DONT_FAKE_MONOTONIC=1", KANSOKU_COLLECTOR, "--config",
                          dir_.File("collector.yaml")});
  EXPECT_THAT(
      aggregator.WaitForLine("goes to quarantine"),
      AllOf(HasSubstr("the collector's clock is "), HasSubstr(" behind the aggregator's, more than 30m"),
            HasSubstr("set the collector's clock and its zone")));
  EXPECT_THAT(collector.WaitForLine("in the spool"), HasSubstr("1 acknowledged, 0 in the spool"));
  EXPECT_THAT(Ask(address, {"quarantine"}).out, HasSubstr("behind"));
}

}  // namespace
}  // namespace kansoku::testing
