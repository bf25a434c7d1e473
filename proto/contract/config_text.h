// SPDX-License-Identifier: Apache-2.0
//
// Configuration text to a message of config.proto. The message's own field rules (options.proto) are checked
// here: unknown and doubled keys, types, enum values, ranges, formats, required keys, defaults. What needs
// more than one field to judge is the program's to check, with At() to say where.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace kansoku {

// Where each value of a configuration stands in its file.
class ConfigPlaces {
 public:
  explicit ConfigPlaces(std::string file) : file_(std::move(file)) {}

  // `path` as in "links[1].interface". "collector.yaml:12: links[1].interface: " + what, as INVALID_ARGUMENT.
  // A key that is absent from the file is blamed on the nearest one around it.
  absl::Status At(std::string_view path, std::string_view what) const;

  void Remember(std::string path, int line) { lines_[std::move(path)] = line; }

 private:
  std::string file_;
  absl::flat_hash_map<std::string, int> lines_;
};

// Fills `config` (cleared first) from YAML. `file` is used in messages only; nothing is opened. On success
// every default is in place, also in sections that the file leaves out; only a section with required keys
// stays absent. A key without a value is an empty section or list. On error the content of `config` is
// unspecified. Any thread.
absl::StatusOr<ConfigPlaces> ParseConfig(std::string_view yaml, std::string_view file,
                                         google::protobuf::Message& config);

}  // namespace kansoku
