// SPDX-License-Identifier: Apache-2.0
//
// The picture of `kansokuctl top`, and the small drawings beside tables.
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "aggregator/ctl/over_time.h"
#include "aggregator/ctl/render_top.h"
#include "aggregator/ctl/sparkline.h"

namespace kansoku::aggregator {
namespace {

using Values = std::vector<std::optional<double>>;

TEST(Sparkline, GoesFromLowestToHighest) {
  EXPECT_EQ(Sparkline(Values{0, 1, 2, 3, 4, 5, 6, 7}, 0, 7), "▁▂▃▄▅▆▇█");
  EXPECT_EQ(Sparkline(Values{-1, std::nullopt, 1}, -1, 1), "▁ █");
  EXPECT_EQ(Sparkline(Values{5, 5}, 5, 5), "▁▁") << "all the same";
  EXPECT_EQ(Sparkline(Values{}, 0, 1), "");
}

TEST(Sparkline, DrawsMeansOfLongSeries) {
  Values rising;
  for (int i = 0; i < 120; ++i) rising.push_back(i / 60 * 7);
  rising[0] = std::nullopt;  // the mean is then that of its neighbour
  rising[2] = rising[3] = std::nullopt;
  std::string expected = "▁ ";
  for (int i = 2; i < 30; ++i) expected += "▁";
  for (int i = 30; i < 60; ++i) expected += "█";
  EXPECT_EQ(Sparkline(rising, 0, 7), expected);
}

template <typename Message>
void Fill(const char* text, Message& message) {
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
}

// Two steps of ten seconds: 1,250 octets in one are 1,000 bit/s.
TopFrame Frame() {
  TopFrame frame{.address = "127.0.0.1:50051", .now = absl::FromUnixSeconds(1'730'419'225)};
  Fill("start_unix_seconds: 1730419200 end_unix_seconds: 1730419220", frame.range);
  Fill(R"(points { point: "p" last_window { end_unix_seconds: 1730419220 } }
          points { point: "q" last_window { end_unix_seconds: 1730419100 } }
          points { point: "r" })",
       frame.points);
  Fill(R"(collectors { collector: "a" connected: true reports_spooled: 1200
                       points { point: "p" refused_packets: 9
                                ledger { kernel_dropped_packets: 5 interface_dropped_packets: 1
                                         refused { reason: REFUSAL_REASON_NOT_IP packets: 9 } } }
                       points { point: "q" } }
          collectors { collector: "b" points { point: "r" ledger { kernel_dropped_packets: 7 } } })",
       frame.ledger);
  Fill(R"(rows { range { start_unix_seconds: 1730419200 end_unix_seconds: 1730419210 } isp: "i"
                 cell { traffic_class { access: ACCESS_FIXED direction: DIRECTION_DOWNLOAD } ip_octets: 1250 } }
          rows { range { start_unix_seconds: 1730419210 end_unix_seconds: 1730419220 } isp: "i"
                 cell { traffic_class { access: ACCESS_FIXED direction: DIRECTION_DOWNLOAD } ip_octets: 2500 } }
          rows { range { start_unix_seconds: 1730419210 end_unix_seconds: 1730419220 } isp: "i"
                 cell { traffic_class { access: ACCESS_MOBILE direction: DIRECTION_UPLOAD } ip_octets: 5000 } })",
       frame.traffic);
  return frame;
}

TEST(TopText, ShowsRatesDropsAndLag) {
  const TopFrame frame = Frame();
  LostPackets since = LostOf(frame.ledger);
  EXPECT_EQ(since, (LostPackets{{"p", 15}, {"q", 0}, {"r", 7}}));
  since["p"] = 11;
  EXPECT_EQ(TopText(frame, TopOrder::kRate, since),
            R"(127.0.0.1:50051 at 2024-11-01 00:00:25 UTC, by rate
1 of 2 collectors connected, 1,200 reports in spools; rates are of 20 s to 00:00:20

isp  access  direction         rate  over time
i    mobile  upload     2.00 kbit/s   █
i    fixed   download   1.50 kbit/s  ▅█

point  collector  connected    lag  in spool  kernel drops  interface drops  refused  lost now  refused because
p      a          yes           5s     1,200             5                1        9         4  not_ip 9
q      a          yes         2m5s     1,200             0                0        0         0
r      b          no         never         0             7                0        0         0
)");
}

// The names at the beginnings of the lines of both tables.
std::string OrderOf(TopOrder order, const LostPackets& since) {
  const std::string text = TopText(Frame(), order, since);
  std::string names;
  for (size_t line = 0; line < text.size(); line = text.find('\n', line) + 1) {
    const std::string first = text.substr(line, text.find(' ', line) - line);
    const std::string second = text.substr(line + 5, 1);
    if (first == "i") names += second;
    if (first == "p" || first == "q" || first == "r") names += first;
  }
  return names;
}

TEST(TopText, SortsByWhatIsAskedFor) {
  EXPECT_EQ(OrderOf(TopOrder::kRate, {}), "mfpqr");
  EXPECT_EQ(OrderOf(TopOrder::kName, {}), "fmpqr");
  EXPECT_EQ(OrderOf(TopOrder::kLag, {}), "fmrqp");
  EXPECT_EQ(OrderOf(TopOrder::kDrops, {{"p", 15}, {"q", 0}, {"r", 0}}), "fmrpq")
      << "what is lost now comes first";
}

TEST(Clipped, LeavesOutWhatDoesNotFit) {
  EXPECT_EQ(Clipped("▁▂▃▄\nabcd\nef\n", 3, 2), "▁▂▃\nabc");
  EXPECT_EQ(Clipped("ab\ncd\n", 80, 24), "ab\ncd\n");
  EXPECT_EQ(Clipped("", 80, 24), "");
}

TEST(OverTime, DrawsEachSeriesOfTraffic) {
  TrafficQuestion question;
  for (const v1::Dimension by : {v1::DIMENSION_ACCESS, v1::DIMENSION_DIRECTION}) question.request.add_by(by);
  v1::GetTrafficResponse traffic = Frame().traffic;
  EXPECT_EQ(OverTime(question, traffic),
            "\n"
            "access  direction       lowest  over time      highest\n"
            "fixed   download   1.00 kbit/s  ▁█         2.00 kbit/s\n")
      << "one of a single step has no way to go";
  traffic.mutable_rows(1)->set_withheld_because("few");
  EXPECT_EQ(OverTime(question, traffic), "");
}

TEST(OverTime, DrawsFiguresAsTheyArePublished) {
  v1::GetFiguresResponse figures;
  const auto add = [&](const std::string& month, const std::string& value) {
    v1::Figure& figure = *figures.add_figures();
    figure.set_id("mobile_growth");
    (*figure.mutable_labels())["lag"] = "12_months";
    figure.set_month(month);
    figure.set_value(value);
    figure.set_unit("%");
  };
  add("2024-09", "-1.5");
  add("2024-10", "");
  add("2024-11", "20.0");
  EXPECT_EQ(OverTime(MonthsQuestion(), figures),
            "\n"
            "figure         labels         lowest  over time  highest\n"
            "mobile_growth  lag=12_months  -1.5 %  ▁ █         20.0 %\n");
  EXPECT_EQ(OverTime(MonthsQuestion{.explain = true}, figures), "");
}

}  // namespace
}  // namespace kansoku::aggregator
