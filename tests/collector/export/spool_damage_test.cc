// SPDX-License-Identifier: Apache-2.0
//
// Damage to the spool's file, byte by byte: what can be read keeps its number, what cannot is a counted
// tombstone, and nothing is ever sent under another number.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>

#include "tests/collector/export/spool_file.h"

namespace kansoku::collector {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kReports = 60;
constexpr size_t kPageBytes = 4096;

std::string Slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void Spit(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

class SpoolDamageTest : public SpoolFile {
 protected:
  // Reports of about 600 octets: some share a page, none needs more than one. The first ten are committed.
  void Fill() {
    auto spool = Open();
    epoch_ = spool->epoch();
    AppendLong(*spool, 1, kReports);
    ASSERT_TRUE(spool->TrimThrough(10).ok());
  }

  static v1::WindowReport LongReport(uint64_t n) { return SampleReport(n, 600); }

  static void AppendLong(Spool& spool, uint64_t first, uint64_t last) {
    for (uint64_t n = first; n <= last; ++n) {
      v1::SequencedReport entry;
      *entry.mutable_report() = LongReport(n);
      ASSERT_TRUE(spool.Append(std::vector{entry}, absl::UnixEpoch()).ok());
    }
  }

  // As the exporter does: a call that meets damage is made again after the repair.
  template <typename Call>
  static auto Repairing(Spool& spool, uint64_t& lost, const Call& call) {
    auto result = call();
    const absl::Status status = ToStatus(result);
    if (!absl::IsDataLoss(status)) return result;
    const auto repair = spool.Rebuild(status);
    EXPECT_TRUE(repair.ok()) << repair.status();
    if (repair.ok()) lost += repair->lost;
    return call();
  }
  static absl::Status ToStatus(const absl::Status& status) { return status; }
  static absl::Status ToStatus(const absl::StatusOr<std::vector<v1::SequencedReport>>& read) {
    return read.status();
  }

  // Everything, by epoch and number.
  static std::map<std::pair<uint64_t, uint64_t>, v1::SequencedReport> Deliver(Spool& spool, uint64_t& lost) {
    std::map<std::pair<uint64_t, uint64_t>, v1::SequencedReport> delivered;
    while (!spool.empty()) {
      auto entries = Repairing(spool, lost, [&] { return spool.Read(0, kRoomy); });
      EXPECT_TRUE(entries.ok()) << entries.status();
      if (!entries.ok()) return delivered;
      for (v1::SequencedReport& entry : *entries) {
        delivered[{spool.epoch(), entry.sequence()}] = std::move(entry);
      }
      const absl::Status trimmed =
          Repairing(spool, lost, [&] { return spool.TrimThrough(spool.last_sequence()); });
      EXPECT_TRUE(trimmed.ok()) << trimmed;
      if (!trimmed.ok()) return delivered;
    }
    return delivered;
  }

  // Numbers 11 to 60 of the first epoch arrive, each as it was or as a tombstone of damage, and the account
  // agrees. Gives the tombstones, those that name their window first.
  std::pair<uint64_t, uint64_t> ExpectContained(const std::string& what) {
    auto spool = Spool::Open(path_, {});
    EXPECT_TRUE(spool.ok()) << what << ": " << spool.status();
    if (!spool.ok()) return {};
    uint64_t lost = (*spool)->repair_at_open().has_value() ? (*spool)->repair_at_open()->lost : 0;
    v1::SequencedReport next;
    *next.mutable_report() = LongReport(kReports + 1);
    const absl::Status appended =
        Repairing(**spool, lost, [&] { return (*spool)->Append(std::vector{next}, absl::UnixEpoch()); });
    EXPECT_TRUE(appended.ok()) << what << ": " << appended;
    auto delivered = Deliver(**spool, lost);
    // The new report, under the number of another epoch.
    EXPECT_EQ(delivered.size(), kReports - 10 + 1) << what;
    std::pair<uint64_t, uint64_t> tombstones;
    for (uint64_t n = 11; n <= kReports; ++n) {
      const v1::SequencedReport& entry = delivered[{epoch_, n}];
      if (entry.has_tombstone()) {
        EXPECT_EQ(entry.tombstone().reason(), v1::Tombstone::REASON_DAMAGED) << what;
        const bool is_named =
            entry.tombstone().captured_packets() == n && entry.tombstone().point() == LongReport(n).point();
        ++(is_named ? tombstones.first : tombstones.second);
        EXPECT_TRUE(is_named || entry.tombstone().point().empty()) << what << ": " << entry.DebugString();
      } else {
        EXPECT_EQ(entry.report().SerializeAsString(), LongReport(n).SerializeAsString()) << what;
      }
    }
    const v1::Delivery account = (*spool)->account();
    EXPECT_EQ(account.reports_closed(), kReports + 1) << what;
    EXPECT_EQ(account.reports_closed(), account.reports_acknowledged() + account.reports_evicted()) << what;
    EXPECT_EQ(account.reports_evicted(), tombstones.first + tombstones.second) << what;
    EXPECT_EQ(lost, tombstones.first + tombstones.second) << what;
    return tombstones;
  }

  // As kill -9 leaves it: the log not yet in the database.
  void FillAndCrash() {
    auto spool = Open();
    epoch_ = spool->epoch();
    AppendLong(*spool, 1, kReports);
    ASSERT_TRUE(spool->TrimThrough(10).ok());
    const std::string crashed = folder_ + "/crashed.db";
    for (const char* suffix : {"", "-wal", "-account"}) fs::copy_file(path_ + suffix, crashed + suffix);
    path_ = crashed;
  }

  uint64_t epoch_ = 0;
};

TEST_F(SpoolDamageTest, KeepsAllButWhatAPageHeld) {
  Fill();
  const std::string sound = Slurp(path_);
  const std::string account = Slurp(path_ + "-account");
  ASSERT_EQ(sound.size() % kPageBytes, 0u);
  std::map<uint64_t, int> pages_by_loss;
  for (size_t page = 0; page < sound.size() / kPageBytes; ++page) {
    for (const char filler : {'\0', '\xff'}) {
      RemoveAll();
      std::string damaged = sound;
      std::fill_n(damaged.begin() + static_cast<ptrdiff_t>(page * kPageBytes), kPageBytes, filler);
      Spit(path_, damaged);
      Spit(path_ + "-account", account);
      if (page == 0 && filler != '\0') continue;
      const auto [named, blank] = ExpectContained("page " + std::to_string(page));
      ++pages_by_loss[named + blank];
      EXPECT_EQ(blank, page == 0 ? kReports - 10 : 0) << page;
    }
  }
  // The first page leads to all others; the root of the reports leads to all of them; a leaf holds a few.
  for (const auto& [loss, pages] : pages_by_loss) {
    EXPECT_TRUE(loss <= 6 || loss == kReports - 10) << loss << " lost with " << pages << " pages";
  }
  EXPECT_GT(pages_by_loss[0], 2);
  EXPECT_EQ(pages_by_loss[kReports - 10], 1 + 2);
}

TEST_F(SpoolDamageTest, KeepsWhatATruncatedFileStillHolds) {
  Fill();
  const std::string sound = Slurp(path_);
  const std::string account = Slurp(path_ + "-account");
  for (size_t length = 0; length < sound.size(); length += kPageBytes / 2) {
    RemoveAll();
    Spit(path_, sound.substr(0, length));
    Spit(path_ + "-account", account);
    ExpectContained("cut to " + std::to_string(length));
  }
}

TEST_F(SpoolDamageTest, TakesAFileOfZerosForALostSpool) {
  Fill();
  Spit(path_, std::string(Slurp(path_).size(), '\0'));
  EXPECT_EQ(ExpectContained("zeros"), (std::pair<uint64_t, uint64_t>(0, kReports - 10)));
  EXPECT_EQ(Slurp(path_ + ".damaged")[0], '\0');
}

TEST_F(SpoolDamageTest, StartsOverWhereAFileOfZerosIsAllThereIs) {
  Spit(path_, std::string(8192, '\0'));
  auto spool = Open();
  EXPECT_EQ(spool->repair_at_open()->lost, 0u);
  EXPECT_TRUE(spool->empty());
}

TEST_F(SpoolDamageTest, LosesNothingWhenTheProcessIsKilled) {
  FillAndCrash();
  EXPECT_EQ(ExpectContained("killed"), (std::pair<uint64_t, uint64_t>(0, 0)));
  EXPECT_FALSE(fs::exists(path_ + ".damaged"));
}

TEST_F(SpoolDamageTest, CountsTheTransactionsThatACorruptLogLost) {
  FillAndCrash();
  const std::string log = Slurp(path_ + "-wal");
  const std::string database = Slurp(path_);
  const std::string account = Slurp(path_ + "-account");
  uint64_t worst = 0;
  for (size_t at = 16; at < log.size(); at += log.size() / 40) {
    RemoveAll();
    std::string damaged = log;
    damaged[at] ^= 0x55;
    Spit(path_ + "-wal", damaged);
    Spit(path_, database);
    Spit(path_ + "-account", account);
    const auto [named, blank] = ExpectContained("log at " + std::to_string(at));
    EXPECT_EQ(named, 0u);
    worst = std::max(worst, blank);
  }
  EXPECT_EQ(worst, kReports - 10);
}

TEST_F(SpoolDamageTest, CountsThemToTheLastWhereThePageOfTheAccountsCopyIsLostToo) {
  FillAndCrash();
  const std::string log = Slurp(path_ + "-wal");
  const std::string database = Slurp(path_);
  const std::string account = Slurp(path_ + "-account");
  for (const size_t page : {size_t{0}, account.size() / kPageBytes * kPageBytes}) {
    RemoveAll();
    Spit(path_ + "-wal", std::string(log.size(), 'x'));
    Spit(path_, database);
    std::string damaged = account;
    damaged.replace(page, kPageBytes, std::string(std::min<size_t>(kPageBytes, account.size() - page), 'x'));
    Spit(path_ + "-account", damaged);
    const auto [named, blank] = ExpectContained("log and page at " + std::to_string(page));
    EXPECT_EQ(named, 0u);
    EXPECT_EQ(blank, kReports - 10);
  }
}

TEST_F(SpoolDamageTest, TakesALostAccountFromItsCopy) {
  Fill();
  Sql(path_, "DELETE FROM account");
  EXPECT_EQ(ExpectContained("account"), (std::pair<uint64_t, uint64_t>(0, 0)));
}

TEST_F(SpoolDamageTest, RebuildsTheAccountFromTheEntriesWhereBothAreLost) {
  Fill();
  Sql(path_, "DELETE FROM account");
  Spit(path_ + "-account", "kansoku-spool 1 2 3");
  EXPECT_EQ(ExpectContained("both accounts"), (std::pair<uint64_t, uint64_t>(0, 0)));
}

TEST_F(SpoolDamageTest, KeepsNumbersWhereTheCopyOfTheAccountIsLost) {
  Fill();
  fs::remove(path_ + "-account");
  EXPECT_EQ(ExpectContained("copy"), (std::pair<uint64_t, uint64_t>(0, 0)));
  EXPECT_FALSE(fs::exists(path_ + ".damaged"));
}

TEST_F(SpoolDamageTest, MakesOneOfItsTablesFromTheOther) {
  Fill();
  Sql(path_,
      "DELETE FROM entry WHERE place = 20; DELETE FROM content WHERE place = 21;"
      "UPDATE entry SET window_start = 7 WHERE place = 22; DELETE FROM entry WHERE place = 60;"
      "UPDATE content SET report = x'00' WHERE place = 23;"
      "DELETE FROM content WHERE place = 24; DELETE FROM entry WHERE place = 24");
  EXPECT_EQ(ExpectContained("rows"), (std::pair<uint64_t, uint64_t>(2, 1)));
}

TEST_F(SpoolDamageTest, RepairsWhatShowsWhileItRuns) {
  Fill();
  Sql(path_, "UPDATE content SET report = x'00' WHERE place = 30");
  auto spool = Open();
  EXPECT_FALSE(spool->repair_at_open().has_value());
  AppendLong(*spool, 61, 62);
  EXPECT_EQ(spool->Read(10, 1)->size(), 1u);
  const auto damaged = spool->Read(28, kRoomy);
  ASSERT_EQ(damaged.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_NE(damaged.status().message().find("report 30 is damaged"), std::string::npos) << damaged.status();
  const auto repair = spool->Rebuild(damaged.status());
  ASSERT_TRUE(repair.ok()) << repair.status();
  EXPECT_EQ(repair->kept, 51u);
  EXPECT_EQ(repair->lost, 1u);
  EXPECT_EQ(Summary(*spool->Read(28, 1300)), "29:29 30:t30");
  EXPECT_EQ(Account(*spool), "62 = 10 + 51 + 1");
  EXPECT_EQ(spool->spool_account().evicted[v1::Tombstone::REASON_DAMAGED], 1u);
  ASSERT_TRUE(spool->TrimThrough(60).ok());
  AppendLong(*spool, 63, 63);
  EXPECT_EQ(Summary(ReadAll(*spool)), "1:61 2:62 3:63");
}

TEST_F(SpoolDamageTest, KeepsTheNewestDamagedFileUnderOneName) {
  for (const char* mark : {"x'01'", "x'02'"}) {
    AppendLong(*Open(), 1, 1);
    Sql(path_, ("UPDATE content SET report = " + std::string(mark)).c_str());
    uint64_t lost = 0;
    Deliver(*Open(), lost);
    EXPECT_EQ(lost, 1u);
    Sql(path_ + ".damaged", ("CREATE TABLE t" + std::string(mark, 2, 2) + " AS SELECT 1").c_str());
  }
  uint64_t files = 0;
  for (const auto& file : fs::directory_iterator(folder_))
    files += file.path().string().find(".damaged") != std::string::npos;
  EXPECT_EQ(files, 1u);
}

TEST_F(SpoolDamageTest, FinishesAReplacementThatACrashInterrupted) {
  Fill();
  fs::rename(path_, path_ + ".rebuilt");
  Spit(path_ + "-wal", "of the damaged one");
  EXPECT_EQ(ExpectContained("renamed"), (std::pair<uint64_t, uint64_t>(0, 0)));

  Spit(path_ + ".rebuilt", "of a rebuild that was not finished");
  EXPECT_TRUE(Open()->empty());
  EXPECT_FALSE(fs::exists(path_ + ".rebuilt"));
}

TEST_F(SpoolDamageTest, LeavesTheFileAsItWasWhereItCannotBeRepairedNow) {
  Fill();
  Sql(path_, "DELETE FROM account");
  fs::create_directory(path_ + ".rebuilt");
  Spit(path_ + ".rebuilt/in_the_way", "");
  const auto spool = Spool::Open(path_, {});
  ASSERT_EQ(spool.status().code(), absl::StatusCode::kPermissionDenied) << spool.status();
  EXPECT_NE(spool.status().message().find("it cannot be repaired now"), std::string::npos) << spool.status();
  fs::remove_all(path_ + ".rebuilt");
  EXPECT_EQ(ExpectContained("later"), (std::pair<uint64_t, uint64_t>(0, 0)));
}

// What version 0.1 wrote.
constexpr char kVersion1[] = R"(
  PRAGMA journal_mode=WAL; PRAGMA application_id=1263751251; PRAGMA user_version=1;
  CREATE TABLE account(
    epoch INTEGER NOT NULL, last_sequence INTEGER NOT NULL,
    acknowledged INTEGER NOT NULL, evicted INTEGER NOT NULL);
  CREATE TABLE entry(
    sequence INTEGER PRIMARY KEY, point TEXT NOT NULL,
    window_start INTEGER NOT NULL, window_seconds INTEGER NOT NULL,
    captured_packets INTEGER NOT NULL, reason INTEGER NOT NULL, content BLOB);
  INSERT INTO account VALUES(-77, 6, 2, 1);
  INSERT INTO entry VALUES(4, 'pppp', 40, 10, 4, 2, NULL);
)";

class SpoolOfVersion1 : public SpoolDamageTest {
 protected:
  SpoolOfVersion1() {
    Sql(path_, kVersion1);
    for (const uint64_t n : {5, 6}) {
      std::string hex;
      for (const unsigned char byte : SampleReport(n).SerializeAsString()) {
        hex += "0123456789abcdef"[byte >> 4];
        hex += "0123456789abcdef"[byte & 15];
      }
      const std::string number = std::to_string(n);
      Sql(path_, ("INSERT INTO entry VALUES(" + number + ", 'pppp', " + number + "0, 10, " + number +
                  ", 0, x'" + hex + "')")
                     .c_str());
    }
    // Its third report was evicted, and committed as a tombstone.
  }
};

TEST_F(SpoolOfVersion1, IsCarriedOverUnderItsEpochAndNumbers) {
  auto spool = Open();
  EXPECT_FALSE(spool->repair_at_open().has_value());
  EXPECT_EQ(spool->epoch(), static_cast<uint64_t>(-77));
  EXPECT_EQ(Summary(ReadAll(*spool)), "4:t4 5:5 6:6");
  EXPECT_EQ(ReadAll(*spool)[0].tombstone().reason(), v1::Tombstone::REASON_SPOOL_FULL);
  EXPECT_EQ(Account(*spool), "6 = 2 + 2 + 2");
  Append(*spool, 7, 7);
  ASSERT_TRUE(spool->TrimThrough(6).ok());
  EXPECT_EQ(Summary(ReadAll(*spool)), "1:7");
  EXPECT_FALSE(fs::exists(path_ + ".damaged"));
}

TEST_F(SpoolOfVersion1, IsRepairedOnTheWay) {
  Sql(path_, "UPDATE entry SET content = x'ffff' WHERE sequence = 5");
  auto spool = Open();
  EXPECT_EQ(spool->repair_at_open()->lost, 1u);
  EXPECT_EQ(Summary(ReadAll(*spool)), "4:t4 5:t5 6:6");
  EXPECT_TRUE(fs::exists(path_ + ".damaged"));
}

// Without it nobody knows the epoch, and so what was counted.
TEST_F(SpoolOfVersion1, SendsNothingAgainWithoutItsAccount) {
  Sql(path_, "DELETE FROM account");
  auto spool = Open();
  EXPECT_EQ(spool->repair_at_open()->lost, 2u);
  EXPECT_EQ(Summary(ReadAll(*spool)), "1:t4 2:t5 3:t6");
  EXPECT_EQ(ReadAll(*spool)[2].tombstone().reason(), v1::Tombstone::REASON_UNDECIDED);
}

TEST_F(SpoolOfVersion1, HasNoEntryUnderANumberThatNeverWas) {
  Sql(path_, "UPDATE entry SET sequence = 0 WHERE sequence = 4");
  EXPECT_EQ(Summary(ReadAll(*Open())), "5:5 6:6");
}

TEST_F(SpoolOfVersion1, HasNoMorePlacesThanItsFileHasRoomFor) {
  Sql(path_, "DELETE FROM account; UPDATE entry SET sequence = 9000000000000000000 WHERE sequence = 6");
  const uint64_t octets = fs::file_size(path_);
  EXPECT_EQ(Open()->account().reports_closed(), 3 + octets);
}

}  // namespace
}  // namespace kansoku::collector
