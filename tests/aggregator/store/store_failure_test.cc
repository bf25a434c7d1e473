// SPDX-License-Identifier: Apache-2.0
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "aggregator/store/sqlite_store.h"
#include "gtest/gtest.h"
#include "tests/aggregator/store/store_contents.h"
#include "tests/aggregator/store/store_folder.h"

namespace kansoku::aggregator {
namespace {

TEST(StoreFailure, AStoreOfANewerVersionIsRefused) {
  StoreFolder folder;
  {
    OpenStore(folder.File());
  }
  {
    auto database = Database::Open(folder.File(), SQLITE_OPEN_READWRITE);
    ASSERT_TRUE(database->Execute("PRAGMA user_version = 9").ok());
  }
  const auto refused = SqliteStore::Open({.path = folder.File()});
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(refused.status().message(),
            folder.File() +
                ": written by a newer version (schema 9, this program knows 8); install that version, or "
                "give another path");
}

TEST(StoreFailure, BadPathsAreNamed) {
  StoreFolder folder;
  const auto open = [](const std::string& path) { return SqliteStore::Open({.path = path}).status(); };
  EXPECT_EQ(open("").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(open(folder.File("")).code(), absl::StatusCode::kInvalidArgument);
  const absl::Status absent = open(folder.File("absent/store.db"));
  EXPECT_EQ(absent.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(absent.message(), folder.File("absent/store.db") + ": the folder " + folder.File("absent") +
                                  " does not exist; create it, or change store_path");
  std::ofstream(folder.File("text")) << std::string(5000, 'x');
  EXPECT_EQ(open(folder.File("text")).code(), absl::StatusCode::kDataLoss);
  {
    auto database = Database::Open(folder.File("other.db"), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    ASSERT_TRUE(database->Execute("CREATE TABLE other (x)").ok());
  }
  EXPECT_EQ(open(folder.File("other.db")).code(), absl::StatusCode::kFailedPrecondition);
}

TEST(StoreFailure, ALockedFileMeansComeBack) {
  StoreFolder folder;
  auto store = OpenStore(folder.File());
  ASSERT_TRUE(store->Welcome(SampleHello("tokyo"), kNow).ok());
  ASSERT_TRUE(Commit(*store, {{.collector = "tokyo", .epoch = 1, .reports = Reports("tokyo", 1, 5)}}).ok());
  const std::string before = Dump(*store);
  // Another writer holds the file, as a copy tool might.
  auto other = Database::Open(folder.File(), SQLITE_OPEN_READWRITE);
  {
    auto held = Transaction::BeginWrite(*other);
    ASSERT_TRUE(held.ok());
    const auto refused =
        Commit(*store, {{.collector = "tokyo", .epoch = 1, .reports = Reports("tokyo", 6, 5)}});
    EXPECT_EQ(refused.status().code(), absl::StatusCode::kUnavailable);
    EXPECT_EQ(Dump(*store), before);
  }
  EXPECT_EQ(*Commit(*store, {{.collector = "tokyo", .epoch = 1, .reports = Reports("tokyo", 6, 5)}}),
            std::vector<uint64_t>{10});
}

TEST(StoreFailure, AFileThatCannotGrowLosesNothing) {
  StoreFolder folder;
  auto store = OpenStore(folder.File());
  ASSERT_TRUE(store->Welcome(SampleHello("tokyo"), kNow).ok());
  ASSERT_TRUE(Commit(*store, {{.collector = "tokyo", .epoch = 1, .reports = Reports("tokyo", 1, 5)}}).ok());
  const std::string before = Dump(*store);
  // The system refuses to let any file of this process grow further than the log now is.
  rlimit unlimited{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &unlimited), 0);
  const auto previous = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit full{.rlim_cur = std::filesystem::file_size(folder.File() + "-wal"),
                    .rlim_max = unlimited.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &full), 0);
  const auto refused =
      Commit(*store, {{.collector = "tokyo", .epoch = 1, .reports = Reports("tokyo", 6, 500)}});
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &unlimited), 0);
  std::signal(SIGXFSZ, previous);

  EXPECT_TRUE(absl::IsUnavailable(refused.status()) || absl::IsResourceExhausted(refused.status()))
      << refused.status();
  EXPECT_EQ(Dump(*store), before);
  EXPECT_EQ(*Commit(*store, {{.collector = "tokyo", .epoch = 1, .reports = Reports("tokyo", 6, 500)}}),
            std::vector<uint64_t>{505});
  EXPECT_EQ(StoredPackets(*store, "tokyo"), store->Points()->at(0).acknowledged_packets);
}

}  // namespace
}  // namespace kansoku::aggregator
