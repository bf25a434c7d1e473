// SPDX-License-Identifier: Apache-2.0
//
// The real program on a terminal: what it draws there, what it does not draw elsewhere, and that the terminal
// is afterwards what it was.
#include <gtest/gtest.h>

#include <csignal>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/aggregator/ctl/kansokuctl_run.h"
#include "tests/testing/terminal.h"

namespace kansoku::testing {
namespace {

class KansokuctlTerminal : public Kansokuctl {
 protected:
  void Start(std::vector<std::string> words) {
    words.insert(words.begin(), {KANSOKU_CTL, "--aggregator", server_.address()});
    terminal_.Start(words);
  }

  // The whole of what is drawn by a program that ends by itself, with line feeds alone.
  std::string Drawn(const std::vector<std::string>& words) {
    Start(words);
    std::string drawn;
    EXPECT_EQ(terminal_.Wait(drawn), 0);
    return absl::StrReplaceAll(drawn, {{"\r\n", "\n"}});
  }

  Terminal terminal_{120, 30};
};

constexpr char kSteps[] = R"(
  rows { range { start_unix_seconds: 1730419200 end_unix_seconds: 1730419210 } windows: 1 expected_windows: 1
         cell { packets: 1 ip_octets: 1250 } }
  rows { range { start_unix_seconds: 1730419210 end_unix_seconds: 1730419220 } windows: 1 expected_windows: 1
         cell { packets: 1 ip_octets: 2500 } })";

TEST_F(KansokuctlTerminal, DrawsHowRowsGoOverTimeOnATerminalAlone) {
  Fill(kSteps, server_.traffic);
  const std::vector<std::string> words = {"traffic", "--step", "10s", "--by", "none"};
  const std::string table = Output(words);
  EXPECT_EQ(table,
            "from (UTC)           to (UTC)             packets   volume         rate  new flows  windows\n"
            "2024-11-01 00:00:00  2024-11-01 00:00:10        1  1.25 kB  1.00 kbit/s          0      1/1\n"
            "2024-11-01 00:00:10  2024-11-01 00:00:20        1  2.50 kB  2.00 kbit/s          0      1/1\n");
  EXPECT_EQ(Drawn(words), table +
                              "\n"
                              "     lowest  over time      highest\n"
                              "1.00 kbit/s  ▁█         2.00 kbit/s\n");
}

TEST_F(KansokuctlTerminal, PrintsTheSameCsvAndJsonEverywhere) {
  Fill(kSteps, server_.traffic);
  const std::vector<std::string> csv = {"--csv", "traffic", "--step", "10s"};
  EXPECT_EQ(Drawn(csv), Output(csv));
}

TEST_F(KansokuctlTerminal, TopIsPrintedOnceInAPipe) {
  const std::string once = Output({"top"});
  EXPECT_NE(once.find(", by rate\n0 of 0 collectors connected, 0 reports in spools; rates are of 60 s to "),
            std::string::npos)
      << once;
  EXPECT_EQ(once.find('\x1b'), std::string::npos);
  EXPECT_EQ(server_.traffic_asked.step_seconds(), 10u);
  EXPECT_EQ(
      server_.traffic_asked.range().end_unix_seconds() - server_.traffic_asked.range().start_unix_seconds(),
      300);
}

TEST_F(KansokuctlTerminal, TopIsPrintedOnceWhereItIsAskedTo) {
  const std::string once = Drawn({"top", "--once", "--sort", "lag"});
  EXPECT_NE(once.find(", by lag\n"), std::string::npos) << once;
  EXPECT_EQ(once.find('\x1b'), std::string::npos);
}

// Into the second screen without a cursor, and back.
constexpr char kEntered[] = "\x1b[?1049h\x1b[?25l";
constexpr char kLeft[] = "\x1b[?25h\x1b[?1049l";

TEST_F(KansokuctlTerminal, TopDrawsUntilItIsEnded) {
  Start({"top", "--interval", "1h"});
  const std::string first = terminal_.WaitFor(", by rate");
  EXPECT_TRUE(first.starts_with(kEntered)) << first;
  EXPECT_FALSE(terminal_.IsInLineMode());
  terminal_.Type("n");
  EXPECT_NE(terminal_.WaitFor(", by name", first.size()), "") << "a key is obeyed at once";
  terminal_.Type("q");
  std::string drawn;
  EXPECT_EQ(terminal_.Wait(drawn), 0);
  EXPECT_TRUE(drawn.ends_with(kLeft)) << drawn;
}

TEST_F(KansokuctlTerminal, TopPutsTheTerminalBackWhateverEndsIt) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    Terminal terminal(120, 30);
    terminal.Start({KANSOKU_CTL, "--aggregator", server_.address(), "top", "--interval", "1h"});
    EXPECT_NE(terminal.WaitFor(", by rate"), "");
    EXPECT_FALSE(terminal.IsInLineMode());
    signal == SIGINT ? terminal.Type("\x03") : terminal.Signal(signal);
    EXPECT_NE(terminal.WaitFor(kLeft), "") << signal;
    std::string drawn;
    EXPECT_EQ(terminal.Wait(drawn), 0) << signal;
    EXPECT_TRUE(drawn.ends_with(kLeft)) << drawn;
    EXPECT_TRUE(terminal.IsInLineMode()) << signal;
  }
}

TEST_F(KansokuctlTerminal, TopShowsWhatIsWrongAndAsksAgain) {
  server_.status = {grpc::StatusCode::RESOURCE_EXHAUSTED, "too many"};
  Start({"top", "--interval", "1s"});
  const std::string first = terminal_.WaitFor("answered RESOURCE_EXHAUSTED: too many");
  EXPECT_NE(first, "");
  EXPECT_NE(terminal_.WaitFor("answered RESOURCE_EXHAUSTED: too many", first.size()), "");
  terminal_.Type("q");
  std::string drawn;
  EXPECT_EQ(terminal_.Wait(drawn), 0);
  EXPECT_EQ(Run({"top"}).exit_status, 1) << "once, it is no answer";
}

TEST_F(KansokuctlTerminal, ShowsHowFarItHasComeAndTakesItAway) {
  Fill(R"(figures { id: "mobile_rate" month: "2024-11" value: "6.1" unit: "Tbps" })", server_.figures);
  const std::string drawn =
      Drawn({"--csv", "figures", "series", "mobile_rate", "--from", "2022-12", "--to", "2024-11"});
  EXPECT_TRUE(drawn.starts_with("\r\x1b[Kasking for 2022-12 to 2024-11: 0 %")) << drawn;
  EXPECT_NE(drawn.find("\r\x1b[Kmonth,series,"), std::string::npos) << drawn;
}

}  // namespace
}  // namespace kansoku::testing
