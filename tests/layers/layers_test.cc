// SPDX-License-Identifier: Apache-2.0
//
// Holds the layers: a folder may include only what its row lists.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>

#include "tests/layers/source_tree.h"

namespace kansoku::testing {
namespace {

const std::vector<std::string> kContract = {"proto/contract/", "kansoku/v1/"};

// Entries that end in a slash allow a folder and everything below it; others one file. A folder may always
// include itself. A folder without a row is a failure: give it one.
const std::map<std::string, std::vector<std::string>> kMayInclude = {
    {"proto/contract", {"kansoku/v1/"}},
    {"proto/transport", {"kansoku/v1/"}},
    {"proto/confinement", {}},
    {"proto/exposition", {"proto/contract/", "proto/transport/", "kansoku/v1/"}},
    {"proto/terminal", {}},
    {"collector/capture", {}},
    {"collector/decode", {"collector/capture/packet_view.h"}},
    {"collector/classify",
     {"proto/contract/", "kansoku/v1/", "collector/decode/decoded_packet.h",
      "collector/decode/ip_address.h"}},
    {"collector/meter",
     {"proto/contract/", "kansoku/v1/", "collector/capture/packet_view.h",
      "collector/capture/capture_stats.h", "collector/classify/darknet_class.h",
      "collector/classify/scan_marks.h", "collector/classify/soft_flags.h",
      "collector/classify/survey_lists.h", "collector/decode/decoded_packet.h",
      "collector/decode/ip_address.h", "collector/decode/refusal.h"}},
    {"collector/export", {"proto/contract/", "proto/transport/", "kansoku/v1/"}},
    {"collector/doctor",
     {"proto/contract/", "proto/exposition/disk_use.h", "kansoku/v1/", "collector/capture/"}},
    {"collector",
     {"proto/contract/", "proto/confinement/", "proto/exposition/", "proto/terminal/", "proto/transport/",
      "kansoku/v1/", "collector/"}},
    {"aggregator/access", kContract},
    {"aggregator/store", kContract},
    {"aggregator/ingest",
     {"proto/contract/", "proto/transport/", "kansoku/v1/", "aggregator/access/", "aggregator/store/"}},
    {"aggregator/register",
     {"proto/contract/", "kansoku/v1/", "aggregator/figures/figure_catalog.h",
      "aggregator/figures/figure_names.h"}},
    {"aggregator/figures", {"proto/contract/", "kansoku/v1/", "aggregator/store/"}},
    {"aggregator/vintage",
     {"proto/contract/", "kansoku/v1/", "aggregator/store/", "aggregator/figures/", "aggregator/register/"}},
    {"aggregator/publish", kContract},
    {"aggregator/serve",
     {"proto/contract/", "proto/exposition/", "proto/transport/", "kansoku/v1/", "aggregator/access/",
      "aggregator/store/", "aggregator/figures/", "aggregator/vintage/"}},
    {"aggregator/ctl",
     {"proto/contract/", "proto/terminal/", "proto/transport/", "kansoku/v1/", "aggregator/publish/"}},
    {"aggregator",
     {"proto/contract/", "proto/confinement/", "proto/exposition/", "proto/terminal/", "proto/transport/",
      "kansoku/v1/", "aggregator/"}},
};

std::vector<SourceFile> OwnSources() {
  std::vector<SourceFile> sources;
  for (const char* top : {"proto/contract", "proto/confinement", "proto/exposition", "proto/terminal",
                          "proto/transport", "collector", "aggregator"}) {
    for (SourceFile& file : FilesBelow(top, {".h", ".cc"})) sources.push_back(std::move(file));
  }
  return sources;
}

bool Allows(const std::string& entry, const std::string& included) {
  return entry.ends_with('/') ? included.starts_with(entry) : included == entry;
}

bool AnyAllows(const std::vector<std::string>& entries, const std::string& included) {
  return std::any_of(entries.begin(), entries.end(),
                     [&](const std::string& e) { return Allows(e, included); });
}

bool IsOurs(const std::string& included) {
  return AnyAllows({"proto/", "kansoku/", "collector/", "aggregator/", "tests/", "deploy/", "dashboards/"},
                   included);
}

bool IsMain(const SourceFile& file) { return file.path.ends_with("/main.cc"); }

// A stage is a folder of one of the programs: its time comes as an argument.
bool IsStage(const SourceFile& file) {
  return (file.folder.starts_with("collector/") || file.folder.starts_with("aggregator/")) &&
         file.folder != "aggregator/ctl" && !IsMain(file);
}

// Fails for each line of our sources that `is_meant`, in the files where `is_allowed` says no.
void ExpectOnlyIn(const std::function<bool(const std::string&)>& is_meant,
                  const std::function<bool(const SourceFile&)>& is_allowed, const std::string& why) {
  for (const SourceFile& file : OwnSources()) {
    if (is_allowed(file)) continue;
    for (const Line& line : file.lines) {
      if (is_meant(line.text)) ADD_FAILURE() << file.At(line) << ": " << line.text << "\n" << why;
    }
  }
}

bool HasAny(const std::string& text, const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](const std::string& word) { return text.find(word) != text.npos; });
}

TEST(Layers, FoldersIncludeOnlyWhatTheirRowLists) {
  for (const SourceFile& file : OwnSources()) {
    const auto row = kMayInclude.find(file.folder);
    if (row == kMayInclude.end()) {
      ADD_FAILURE() << file.path << ": the folder " << file.folder << " has no row in the table of layers";
      continue;
    }
    for (const Line& line : file.lines) {
      const std::string included = QuotedInclude(line.text);
      if (!IsOurs(included) || Allows(file.folder + "/", included) || AnyAllows(row->second, included))
        continue;
      ADD_FAILURE() << file.At(line) << ": " << file.folder << " may not include " << included;
    }
  }
}

TEST(Layers, IncludesAreWrittenFromTheRoot) {
  for (const SourceFile& file : OwnSources()) {
    for (const Line& line : file.lines) {
      const std::string included = QuotedInclude(line.text);
      if (included.empty()) continue;
      EXPECT_NE(included.find('/'), std::string::npos)
          << file.At(line) << ": write \"" << file.folder << "/" << included << "\"";
      EXPECT_EQ(included.find(".."), std::string::npos) << file.At(line) << ": " << included;
    }
  }
}

TEST(Layers, TheProgramsNeverIncludeEachOther) {
  for (const SourceFile& file : OwnSources()) {
    const std::string other = file.folder.starts_with("collector") ? "aggregator/" : "collector/";
    for (const Line& line : file.lines) {
      EXPECT_FALSE(QuotedInclude(line.text).starts_with(other) && !file.folder.starts_with("proto"))
          << file.At(line) << ": the collector and the aggregator share proto/ and nothing else";
      EXPECT_FALSE(file.folder.starts_with("proto") && (QuotedInclude(line.text).starts_with("collector/") ||
                                                        QuotedInclude(line.text).starts_with("aggregator/")))
          << file.At(line) << ": the contract knows neither program";
    }
  }
}

TEST(Layers, LibpcapStaysInSourcesOfCapture) {
  ExpectOnlyIn(
      [](const std::string& line) { return AnyInclude(line).starts_with("pcap"); },
      [](const SourceFile& file) { return file.folder == "collector/capture" && file.path.ends_with(".cc"); },
      "libpcap belongs to collector/capture/*.cc: the rest sees PacketSource");
}

TEST(Layers, RightsAreTakenAndGivenUpInFewPlaces) {
  ExpectOnlyIn(
      [](const std::string& line) {
        return HasAny(AnyInclude(line), {"seccomp.h", "sys/capability.h", "sys/prctl.h"});
      },
      [](const SourceFile& file) {
        return file.path == "collector/capture/capture_right.cc" || file.folder == "proto/confinement";
      },
      "who reads what a process may do must find it in one place");
}

TEST(Layers, GrpcStaysAtTheEdges) {
  ExpectOnlyIn(
      [](const std::string& line) {
        const std::string included = AnyInclude(line);
        return included.starts_with("grpc") || included.ends_with(".grpc.pb.h");
      },
      [](const SourceFile& file) {
        return file.folder == "proto/transport" || file.folder == "collector/export" ||
               file.folder == "aggregator/ingest" || file.folder == "aggregator/serve" ||
               file.folder == "aggregator/ctl" || IsMain(file);
      },
      "gRPC stays in the transport, the stream, the services, kansokuctl and main: the thread sanitizer "
      "cannot judge what "
      "links it");
}

TEST(Layers, SqliteStaysWithSpoolAndStore) {
  ExpectOnlyIn([](const std::string& line) { return AnyInclude(line).starts_with("sqlite3"); },
               [](const SourceFile& file) {
                 return file.folder == "collector/export" || file.folder == "aggregator/store";
               },
               "SQLite belongs to collector/export and aggregator/store");
}

TEST(Layers, StagesReadNoClock) {
  ExpectOnlyIn(
      [](const std::string& line) {
        return HasAny(
            line, {"absl::Now", "GetCurrentTimeNanos", "system_clock::now", "clock_gettime", "gettimeofday"});
      },
      [](const SourceFile& file) { return !IsStage(file); },
      "time is an argument: only the programs themselves may ask for it");
}

TEST(Layers, NothingSleeps) {
  ExpectOnlyIn(
      [](const std::string& line) {
        return HasAny(line, {"sleep(", "sleep_for(", "sleep_until(", "SleepFor("});
      },
      [](const SourceFile& file) { return !IsStage(file); }, "wait on a condition with a deadline instead");
}

TEST(Layers, LocksAreStandard) {
  ExpectOnlyIn(
      [](const std::string& line) { return HasAny(line, {"absl::Mutex", "absl/synchronization/mutex.h"}); },
      // It only switches off what gRPC's own locks cost.
      [](const SourceFile& file) { return file.path == "aggregator/main.cc"; },
      "the thread sanitizer cannot see into absl::Mutex: take std::mutex");
}

}  // namespace
}  // namespace kansoku::testing
