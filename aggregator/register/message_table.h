// SPDX-License-Identifier: Apache-2.0
//
// A CSV file to the messages of a repeated field: a column is a field of the message, a row one message.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace kansoku::aggregator {

// Where each row of a table stands in its file.
class TablePlaces {
 public:
  explicit TablePlaces(std::string file) : file_(std::move(file)) {}

  // "contracts.csv:12: quarter: " + what, as INVALID_ARGUMENT. `row` counts from 0, without the header.
  absl::Status At(int row, std::string_view column, std::string_view what) const;
  int LineOf(int row) const { return lines_[static_cast<size_t>(row)]; }

  void Remember(int line) { lines_.push_back(line); }

 private:
  std::string file_;
  std::vector<int> lines_;
};

// Adds one message for each row to the repeated field `table` of `whole`. The header names every field of the
// message, each once, in any order, and nothing else. Cells are judged by their field's rule (options.proto);
// an empty one leaves a field that is not required as it is. On error the content of `whole` is unspecified.
// Any thread.
absl::StatusOr<TablePlaces> ParseTable(std::string_view text, const std::string& file,
                                       const google::protobuf::FieldDescriptor& table,
                                       google::protobuf::Message& whole);

}  // namespace kansoku::aggregator
