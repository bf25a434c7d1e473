// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/arena.h>

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

#include "kansoku/v1/ingest.pb.h"

namespace kansoku::aggregator {

// Reports in a row. Those that came over the wire stay in the memory that they were parsed into, an arena: a
// window has some hundred messages, and to take and give back each alone costs more than to parse them.
// Copies are of the same reports. One thread at a time.
class ReportList {
 public:
  using const_iterator = google::protobuf::RepeatedPtrField<v1::SequencedReport>::const_iterator;

  ReportList() = default;
  ReportList(std::vector<v1::SequencedReport> reports) {
    for (v1::SequencedReport& report : reports) push_back(std::move(report));
  }
  ReportList(std::initializer_list<v1::SequencedReport> reports)
      : ReportList(std::vector<v1::SequencedReport>(reports)) {}
  // `batch` lies in the arena.
  ReportList(std::shared_ptr<google::protobuf::Arena> arena, v1::Batch& batch)
      : batch_(std::move(arena), &batch) {}

  v1::SequencedReport& emplace_back() {
    if (batch_ == nullptr) batch_ = std::make_shared<v1::Batch>();
    return *batch_->add_reports();
  }
  void push_back(v1::SequencedReport report) { emplace_back() = std::move(report); }

  const_iterator begin() const { return reports().begin(); }
  const_iterator end() const { return reports().end(); }
  size_t size() const { return static_cast<size_t>(reports().size()); }
  v1::SequencedReport& back() { return (*this)[size() - 1]; }
  v1::SequencedReport& operator[](size_t i) { return *batch_->mutable_reports(static_cast<int>(i)); }

 private:
  const google::protobuf::RepeatedPtrField<v1::SequencedReport>& reports() const {
    return batch_ == nullptr ? v1::Batch::default_instance().reports() : batch_->reports();
  }

  std::shared_ptr<v1::Batch> batch_;
};

}  // namespace kansoku::aggregator
