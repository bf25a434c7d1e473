// SPDX-License-Identifier: Apache-2.0
#include "aggregator/store/report_list.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <vector>

namespace kansoku::aggregator {
namespace {

v1::SequencedReport Numbered(uint64_t sequence) {
  v1::SequencedReport report;
  report.set_sequence(sequence);
  return report;
}

std::vector<uint64_t> Sequences(const ReportList& reports) {
  std::vector<uint64_t> sequences;
  for (const v1::SequencedReport& report : reports) sequences.push_back(report.sequence());
  return sequences;
}

TEST(ReportList, HoldsReportsOfItsOwn) {
  EXPECT_EQ(Sequences(ReportList()), std::vector<uint64_t>());
  ReportList reports = {Numbered(1), Numbered(2)};
  reports.push_back(Numbered(3));
  reports[0] = Numbered(7);
  EXPECT_EQ(Sequences(reports), (std::vector<uint64_t>{7, 2, 3}));
  EXPECT_EQ(reports.size(), 3u);
}

// Whoever keeps a copy keeps the memory; the address sanitizer would say so otherwise.
TEST(ReportList, KeepsTheArenaThatItsReportsLieIn) {
  const auto destroyed = std::make_shared<bool>(false);
  std::optional<ReportList> copy;
  {
    auto arena = std::make_shared<google::protobuf::Arena>();
    arena->OwnCustomDestructor(destroyed.get(), [](void* flag) { *static_cast<bool*>(flag) = true; });
    auto& message = *google::protobuf::Arena::CreateMessage<v1::CollectorMessage>(arena.get());
    *message.mutable_batch()->add_reports() = Numbered(5);
    const ReportList reports(std::move(arena), *message.mutable_batch());
    copy = reports;
  }
  EXPECT_FALSE(*destroyed);
  EXPECT_EQ(Sequences(*copy), std::vector<uint64_t>{5});
  copy.reset();
  EXPECT_TRUE(*destroyed);
}

}  // namespace
}  // namespace kansoku::aggregator
