// SPDX-License-Identifier: Apache-2.0
//
// What `kansokuctl doctor` says of plain answers.
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "aggregator/ctl/judge_collectors.h"
#include "aggregator/ctl/judge_prometheus.h"
#include "aggregator/ctl/judge_reach.h"
#include "aggregator/ctl/judge_windows.h"
#include "aggregator/ctl/metric_values.h"
#include "aggregator/ctl/render_doctor.h"

namespace kansoku::aggregator {
namespace {

// 2024-11-01 00:00:00 UTC.
constexpr int64_t kNow = 1'730'419'200;

absl::Time Now() { return absl::FromUnixSeconds(kNow); }

template <typename Message>
Message Of(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

v1::GetLedgerResponse LedgerOf(const std::string& text) { return Of<v1::GetLedgerResponse>(text); }
v1::ListPointsResponse PointsOf(const std::string& text) { return Of<v1::ListPointsResponse>(text); }

std::string Seen(const Stage& stage) { return Word(stage.verdict) + ": " + stage.seen; }

TEST(JudgeReach, NamesTheStepThatFailed) {
  const Server plain{.address = "127.0.0.1:50051"};
  Server secured = plain;
  secured.tls.emplace();
  EXPECT_EQ(Seen(JudgeReach(plain, {})), "ok: 127.0.0.1:50051 answers in plain text");
  EXPECT_EQ(Seen(JudgeReach(secured, {})), "ok: 127.0.0.1:50051 answers in TLS");
  const absl::Status error = absl::UnavailableError("why");
  for (const Reached& reached : {Reached{.name = error}, Reached{.connection = error},
                                 Reached{.answer = error}, Reached{.role = error}}) {
    const Stage stage = JudgeReach(secured, reached);
    EXPECT_EQ(Seen(stage), "broken: why");
    EXPECT_NE(stage.remedy, "");
  }
  EXPECT_NE(JudgeReach(secured, {.answer = error}).remedy, JudgeReach(plain, {.answer = error}).remedy);
}

TEST(JudgeStore, SaysWhetherReportsAreTaken) {
  EXPECT_EQ(Seen(JudgeStore(true)), "ok: can be written");
  EXPECT_EQ(Seen(JudgeStore(false)), "broken: cannot be written: no report is acknowledged, and spools grow");
  EXPECT_EQ(Seen(JudgeStore(absl::NotFoundError("no such service"))), "look: no such service");
}

TEST(JudgeCollectors, FindsWhoIsNotThere) {
  EXPECT_EQ(Seen(JudgeCollectors({}, Now())), "broken: no collector ever came");
  EXPECT_EQ(Seen(JudgeCollectors(LedgerOf(R"(
      collectors { collector: "a" connected: true last_heard_unix_seconds: 1730419190 }
      collectors { collector: "b" connected: true last_heard_unix_seconds: 1730418900 })"),
                                 Now())),
            "ok: 2 of 2 connected");
  EXPECT_EQ(
      Seen(JudgeCollectors(LedgerOf(R"(
      collectors { collector: "a" connected: true last_heard_unix_seconds: 1730418899 }
      collectors { collector: "b" last_heard_unix_seconds: 1730419000 }
      collectors { collector: "old" last_heard_unix_seconds: 1729814399 })"),
                           Now())),
      "broken: a is connected and silent, last heard 5m1s ago; b is not connected, last heard 3m20s ago");
  EXPECT_EQ(Seen(JudgeCollectors(LedgerOf(R"(
      collectors { collector: "a" connected: true last_heard_unix_seconds: 1730419190 }
      collectors { collector: "old" last_heard_unix_seconds: 1729814399 })"),
                                 Now())),
            "look: old is not connected, last heard 168h1s ago")
      << "a week later it is thought to have been taken away";
}

TEST(JudgeCollectors, ShowsThreeAndCountsTheRest) {
  v1::GetLedgerResponse ledger;
  for (const char* name : {"a", "b", "c", "d", "e"}) {
    v1::CollectorLedger& collector = *ledger.add_collectors();
    collector.set_collector(name);
    collector.set_last_heard_unix_seconds(kNow - 60);
  }
  EXPECT_EQ(Seen(JudgeCollectors(ledger, Now())),
            "broken: a is not connected, last heard 1m ago; b is not connected, last heard 1m ago; c is not "
            "connected, last heard 1m ago; and 2 more");
}

constexpr char kCaptured[] = R"(
  collectors { collector: "a" points { point: "uplink" refused_packets: 1
    ledger { received_packets: 1100 captured_packets: 1000 kernel_dropped_packets: 70 interface_dropped_packets: 30
             refused { reason: REFUSAL_REASON_NOT_IP packets: 1 } }
    identities { name: "captured_packets" statement: "captured = cells + refused" left: 1000 right: 1000 holds: true } } })";

TEST(JudgeCapture, AddsUpWhatWasLost) {
  EXPECT_EQ(Seen(JudgeCapture(LedgerOf(kCaptured), v1::GetTrafficResponse())),
            "ok: 1,100 packets received, 1,000 captured, 100 dropped, in all");
  EXPECT_EQ(Seen(JudgeCapture(LedgerOf(kCaptured), absl::InvalidArgumentError("whole hours"))),
            "ok: 1,100 packets received, 1,000 captured, 100 dropped, in all");
}

TEST(JudgeCapture, FindsIdentitiesThatDoNotHold) {
  v1::GetLedgerResponse ledger = LedgerOf(kCaptured);
  v1::Identity& identity = *ledger.mutable_collectors(0)->mutable_points(0)->mutable_identities(0);
  identity.set_right(999);
  identity.set_holds(false);
  const Stage stage = JudgeCapture(ledger, v1::GetTrafficResponse());
  EXPECT_EQ(Seen(stage), "broken: uplink: captured_packets is violated: 1000 is not 999");
  identity.set_right(1000);
  EXPECT_EQ(Seen(JudgeCapture(ledger, v1::GetTrafficResponse())),
            "broken: uplink: captured_packets is violated")
      << "whoever is not told the sides";
  EXPECT_EQ(
      stage.remedy,
      "packets are lost that nobody counts (captured = cells + refused): kansokuctl ledger shows both sides");
}

TEST(JudgeCapture, FindsWhatTheLatestWindowsSay) {
  v1::GetTrafficResponse latest;
  v1::TrafficRow& row = *latest.add_rows();
  row.set_point("uplink");
  row.add_flags(v1::QUALITY_FLAG_SAMPLED);
  row.add_flags(v1::QUALITY_FLAG_PARTIAL);
  EXPECT_EQ(JudgeCapture(LedgerOf(kCaptured), latest).verdict, Verdict::kOk) << "these are as configured";
  row.add_flags(v1::QUALITY_FLAG_DROPS);
  EXPECT_EQ(Seen(JudgeCapture(LedgerOf(kCaptured), latest)), "look: uplink lost packets in the last minutes");
  row.add_flags(v1::QUALITY_FLAG_OFFLOADED);
  EXPECT_EQ(Seen(JudgeCapture(LedgerOf(kCaptured), latest)),
            "broken: uplink's interface moves packets past the capture");
}

TEST(JudgeCapture, FindsManyRefusals) {
  v1::GetLedgerResponse ledger = LedgerOf(kCaptured);
  v1::PointLedger& point = *ledger.mutable_collectors(0)->mutable_points(0);
  point.set_refused_packets(11);
  point.mutable_ledger()->mutable_refused(0)->set_packets(11);
  EXPECT_EQ(Seen(JudgeCapture(ledger, v1::GetTrafficResponse())),
            "look: uplink refused 11 of 1,000 packets: not_ip 11");
  point.set_refused_packets(10);
  EXPECT_EQ(JudgeCapture(ledger, v1::GetTrafficResponse()).verdict, Verdict::kOk) << "one in a hundred";
}

TEST(JudgeDelivery, MeasuresWhatWaitsInTime) {
  const v1::ListPointsResponse points = PointsOf(R"(points { point: "p" collector: "a" window_seconds: 10 }
                  points { point: "q" collector: "a" window_seconds: 10 })");
  v1::GetLedgerResponse ledger =
      LedgerOf(R"(collectors { collector: "a" reports_acknowledged: 1000 reports_spooled: 12 })");
  EXPECT_EQ(Seen(JudgeDelivery(ledger, points)), "ok: 1,000 reports acknowledged, 12 in spools");
  ledger.mutable_collectors(0)->set_reports_spooled(720);
  EXPECT_EQ(Seen(JudgeDelivery(ledger, points)), "look: a has 720 reports in its spool, 1h of windows");
}

TEST(JudgeDelivery, FindsWhatIsLost) {
  const v1::GetLedgerResponse ledger = LedgerOf(R"(
      collectors { collector: "a" reports_evicted: 1 missing_reports: 2 }
      collectors { collector: "b"
                   identities { name: "delivered_reports" statement: "closed = acknowledged" left: 3 right: 2 } })");
  EXPECT_EQ(Seen(JudgeDelivery(ledger, {})), "broken: b: delivered_reports is violated: 3 is not 2");
  v1::GetLedgerResponse first = ledger;
  first.mutable_collectors()->RemoveLast();
  EXPECT_EQ(Seen(JudgeDelivery(first, {})),
            "look: a gave up 1 report for want of room; a cannot say what became of 2 reports");
}

TEST(JudgeClock, FindsThoseThatAreFarOff) {
  const auto judge = [](int64_t microseconds) {
    v1::GetLedgerResponse ledger =
        LedgerOf(R"(collectors { collector: "a" clock_offset_microseconds: 2000 })");
    v1::CollectorLedger& other = *ledger.add_collectors();
    other.set_collector("b");
    other.set_clock_offset_microseconds(microseconds);
    return Seen(JudgeClock(ledger));
  };
  EXPECT_EQ(Seen(JudgeClock(LedgerOf(R"(collectors { collector: "a" })"))),
            "skipped: no collector told its time since the aggregator began");
  EXPECT_EQ(judge(-3'000), "ok: the furthest is 3ms behind");
  EXPECT_EQ(judge(1'000'000), "ok: the furthest is 1s ahead");
  EXPECT_EQ(judge(1'500'000), "look: b's clock is 1.5s ahead");
  EXPECT_EQ(judge(60'001'000), "broken: b's clock is 1m0.001s ahead: its windows go to quarantine");
  EXPECT_EQ(judge(-1'800'000'000), "look: b's clock is 30m behind");
  EXPECT_EQ(judge(-1'801'000'000), "broken: b's clock is 30m1s behind: its windows go to quarantine");
}

TEST(JudgePoints, FindsThoseThatAreSilent) {
  EXPECT_EQ(Seen(JudgePoints({}, Now())), "broken: there is no point");
  v1::ListPointsResponse points =
      PointsOf(R"(points { point: "p" window_seconds: 10 last_window { end_unix_seconds: 1730419110 } })");
  EXPECT_EQ(Seen(JudgePoints(points, Now())), "ok: 1 point, the latest window ended 1m30s ago");
  points.mutable_points(0)->mutable_last_window()->set_end_unix_seconds(kNow - 91);
  EXPECT_EQ(Seen(JudgePoints(points, Now())), "broken: p is silent, its last window ended 1m31s ago");
  points.mutable_points(0)->mutable_last_window()->set_end_unix_seconds(kNow - 7 * 86'400 - 1);
  EXPECT_EQ(Seen(JudgePoints(points, Now())), "look: p is silent, its last window ended 168h1s ago");
  points.mutable_points(0)->clear_last_window();
  EXPECT_EQ(Seen(JudgePoints(points, Now())), "broken: p never had a window");
}

TEST(JudgeQuarantine, CountsWhatIsHeld) {
  EXPECT_EQ(Seen(JudgeQuarantine({})), "ok: none is held");
  EXPECT_EQ(Seen(JudgeQuarantine(LedgerOf(R"(
      collectors { collector: "a" quarantined { reason: QUARANTINE_REASON_AHEAD reports: 9 held: 7 admitted: 2 }
                                  quarantined { reason: QUARANTINE_REASON_BEHIND reports: 1 admitted: 1 } })"))),
            "look: 7 of a held: ahead");
}

// Three hours after October was over in Japan.
constexpr int64_t kNovember = 1'730'386'800;  // 2024-11-01 00:00:00 JST

TEST(JudgeFigures, WantsTheMonthThatIsOver) {
  const auto judge = [](const char* last_month, int64_t now) {
    const auto vintages = Of<v1::ListVintagesResponse>(
        std::string(
            R"(vintages { series: SERIES_FIXED month: "2024-08" } vintages { series: SERIES_FIXED month: ")") +
        last_month + R"(" })");
    return Seen(JudgeFigures(vintages, {}, {.error = "not asked"}, absl::FromUnixSeconds(now)));
  };
  EXPECT_EQ(judge("2024-10", kNovember + 4 * 3600), "ok: fixed to 2024-10");
  EXPECT_EQ(judge("2024-09", kNovember + 2 * 3600), "ok: fixed to 2024-09") << "October is not due yet";
  EXPECT_EQ(judge("2024-09", kNovember + 3 * 3600), "broken: fixed ends with 2024-09, and 2024-10 is over");
}

TEST(JudgeFigures, AsksTheMetricsForTheRegister) {
  const v1::ListPointsResponse since_september = PointsOf(
      R"(points { point: "p" held { start_unix_seconds: 1726000000 end_unix_seconds: 1730419200 } })");
  const v1::ListPointsResponse since_now = PointsOf(
      R"(points { point: "p" held { start_unix_seconds: 1730419190 end_unix_seconds: 1730419200 } })");
  const auto judge = [](const v1::ListPointsResponse& points, const std::string& metrics) {
    return Seen(JudgeFigures({}, points, {.status = 200, .body = metrics}, Now() + absl::Hours(4)));
  };
  EXPECT_EQ(judge(since_september, "up 1\n"), "ok: none, as no register of statistics is configured");
  EXPECT_EQ(judge(since_september, "kansoku_statistics_register_last_reload_successful 1\n"),
            "broken: nothing was ever published, and 2024-10 is over");
  EXPECT_EQ(judge(since_now, "kansoku_statistics_register_last_reload_successful 1\n"),
            "ok: none, as no month is over yet");
  EXPECT_EQ(judge(since_now, "kansoku_statistics_register_last_reload_successful 0\n"),
            "broken: the register of statistics was refused; the one before is in force");
  EXPECT_EQ(
      judge(since_now,
            "kansoku_statistics_register_last_reload_successful 1\nkansoku_statistics_errors_total 3\n"),
      "look: months or days were not brought up to date 3 times");
  EXPECT_EQ(Seen(JudgeFigures({}, since_september, {.error = "nobody listens there"}, Now())),
            "skipped: none; whether there is a register, /metrics would say");
}

TEST(LargestOf, ReadsSamplesOfThatMetricAlone) {
  constexpr char kText[] =
      "# HELP a_total Of a.\na_total_more 9\na_total{x=\"1 2\"} 3\na_total{x=\"\"} 5.5\na_total nonsense\n";
  EXPECT_EQ(LargestOf(kText, "a_total"), 5.5);
  EXPECT_EQ(LargestOf(kText, "b_total"), std::nullopt);
  EXPECT_EQ(LargestOf("", "a_total"), std::nullopt);
  EXPECT_EQ(LargestOf("a -1", "a"), -1);
}

constexpr char kUrl[] = "http://127.0.0.1:9464";

TEST(JudgeMetrics, WantsOursAndFresh) {
  const auto judge = [](const HttpAnswer& answer) {
    return Seen(JudgeMetrics(
        kUrl, answer, PointsOf(R"(points { point: "p" last_window { end_unix_seconds: 1730419190 } })"),
        Now()));
  };
  const std::string build = "kansoku_build_info{program=\"kansoku-aggregator\"} 1\n";
  const std::string window = "kansoku_point_last_window_timestamp_seconds{point=\"p\"} ";
  EXPECT_EQ(judge({.status = 200, .body = build + window + "1730419160\n"}),
            "ok: http://127.0.0.1:9464, the latest window ended 40s ago");
  EXPECT_EQ(judge({.status = 200, .body = build + window + "1730419159\n"}),
            "broken: http://127.0.0.1:9464 is behind what is stored");
  EXPECT_EQ(judge({.status = 200, .body = build}), "broken: http://127.0.0.1:9464 is behind what is stored");
  EXPECT_EQ(judge({.status = 200, .body = "<html>"}),
            "broken: http://127.0.0.1:9464 answers, and not as Kansoku does");
  EXPECT_EQ(judge({.status = 503, .body = "the store: locked\n"}),
            "broken: http://127.0.0.1:9464 answers 503: the store: locked");
  EXPECT_EQ(judge({.status = 401}),
            "look: http://127.0.0.1:9464 asks for a password, and tells nothing without");
  EXPECT_EQ(judge({.error = "nobody listens there"}), "broken: http://127.0.0.1:9464: nobody listens there");
}

constexpr char kInstances[] =
    R"({"data":{"result":[{"metric":{"program":"kansoku-aggregator","job":"j","instance":"there:1"}}]}})";
constexpr char kRules[] =
    R"({"data":{"groups":[{"name":"other","rules":[{"name":"r","health":"err"}]},
                          {"name":"kansoku","rules":[{"name":"r","health":"ok"},{"name":"s","health":"unknown"}]}]}})";

std::string TargetsOf(const std::string& instance, const std::string& health, const std::string& error) {
  return R"({"data":{"activeTargets":[{"scrapeUrl":"http://)" + instance +
         R"(/metrics","labels":{"job":"j","instance":")" + instance + R"("},"health":")" + health +
         R"(","lastError":")" + error + R"(","lastScrape":"2024-10-31T23:59:50.5Z"}]}})";
}

std::string Judged(const std::string& instances, const std::string& targets, const std::string& rules,
                   absl::Time now = Now()) {
  return Seen(JudgePrometheus("http://127.0.0.1:9090", kUrl,
                              {.instances = {.status = 200, .body = instances},
                               .targets = {.status = 200, .body = targets},
                               .rules = {.status = 200, .body = rules}},
                              now));
}

TEST(JudgePrometheus, FindsTheAggregatorAmongItsTargets) {
  EXPECT_EQ(Judged(kInstances, TargetsOf("there:1", "up", ""), kRules),
            "ok: http://127.0.0.1:9090 scrapes 1 aggregator, 2 rules");
  EXPECT_EQ(Judged(R"({"data":{"result":[]}})", TargetsOf("here:9464", "up", ""), kRules),
            "ok: http://127.0.0.1:9090 scrapes 1 aggregator, 2 rules")
      << "by its port, before the first sample";
  EXPECT_EQ(Judged(R"({"data":{"result":[]}})", TargetsOf("here:9100", "up", ""), kRules),
            "broken: scrapes no aggregator, but 1 other");
  EXPECT_EQ(Judged(R"({"data":{"result":[]}})", TargetsOf("here:9464", "down", "connection refused"), kRules),
            "broken: cannot scrape http://here:9464/metrics: connection refused");
  EXPECT_EQ(Judged(kInstances, TargetsOf("there:1", "up", ""), kRules, Now() + absl::Minutes(2)),
            "look: http://there:1/metrics was not scraped within two minutes");
}

TEST(JudgePrometheus, FindsRulesThatDoNotWork) {
  const std::string up = TargetsOf("there:1", "up", "");
  EXPECT_EQ(Judged(kInstances, up, R"({"data":{"groups":[]}})"), "look: has none of Kansoku's rules");
  EXPECT_EQ(Judged(kInstances, up,
                   R"({"data":{"groups":[{"name":"kansoku","rules":[
                       {"name":"r","health":"err","lastError":"many-to-many"}]}]}})"),
            "broken: the rule r: many-to-many");
  EXPECT_EQ(Judged(kInstances, up,
                   R"({"data":{"groups":[{"name":"kansoku-alerts","rules":[
                       {"name":"PointSilent","health":"ok","state":"firing"}]}]}})"),
            "look: PointSilent is firing");
}

TEST(JudgePrometheus, ReadsOnlyWhatPrometheusSays) {
  const std::string up = TargetsOf("there:1", "up", "");
  for (const char* foreign : {"", "<html>", "[]", "{}", "7", R"({"data":{}})", R"({"data":{"result":7}})"}) {
    EXPECT_EQ(Judged(foreign, up, kRules),
              "broken: http://127.0.0.1:9090 answers, and not as Prometheus does")
        << foreign;
    EXPECT_EQ(Judged(kInstances, up, foreign),
              "broken: http://127.0.0.1:9090 answers, and not as Prometheus does")
        << foreign;
  }
  EXPECT_EQ(Seen(JudgePrometheus("http://127.0.0.1:9090", "",
                                 {.instances = {.error = "nobody listens there"}}, Now())),
            "broken: http://127.0.0.1:9090: nobody listens there");
}

TEST(DoctorText, IsATableOrExact) {
  const std::vector<Stage> stages = {{"reach", Verdict::kOk, "answers", ""},
                                     {"clock", Verdict::kLook, "1.5s ahead, b", "let NTP set it"},
                                     {"points", Verdict::kBroken, "p is silent", "look at \"p\""},
                                     {"metrics", Verdict::kSkipped, "not asked for", ""},
                                     {"prometheus", Verdict::kBroken, "nobody listens there", "start it"}};
  EXPECT_EQ(DoctorText(Format::kTable, stages),
            "stage       verdict  seen\n"
            "reach       ok       answers\n"
            "clock       look     1.5s ahead, b\n"
            "points      broken   p is silent\n"
            "metrics     skipped  not asked for\n"
            "prometheus  broken   nobody listens there\n");
  EXPECT_EQ(DoctorText(Format::kCsv, {stages[1]}),
            "stage,verdict,seen,remedy\nclock,look,\"1.5s ahead, b\",let NTP set it\n");
  EXPECT_EQ(
      DoctorText(Format::kJson, {stages[2]}),
      R"({"stages":[{"stage":"points","verdict":"broken","seen":"p is silent","remedy":"look at \"p\"",)"
      R"("docs":"docs/troubleshooting.md#points"}]})"
      "\n");
  EXPECT_EQ(FirstBroken(stages),
            (std::vector<std::string>{
                "the chain is broken at points: look at \"p\"; see docs/troubleshooting.md#points"}));
  EXPECT_TRUE(FirstBroken({stages[0], stages[1], stages[3]}).empty());
}

}  // namespace
}  // namespace kansoku::aggregator
