// SPDX-License-Identifier: Apache-2.0
//
// A fuzz target's input as the files of a register, one after the other, each behind a line with its name.
// Seeds are written, and inputs read, by this.
#pragma once

#include <string>
#include <string_view>

#include "aggregator/register/register_text.h"

namespace kansoku::fuzz {

// No line of YAML or of a table begins so.
inline constexpr std::string_view kFileMark = "@@ ";

// What stands before the first mark is no file's. Of two files of a name the later one is read.
inline aggregator::RegisterFiles RegisterFilesOf(std::string_view input) {
  aggregator::RegisterFiles files;
  std::string* file = nullptr;
  while (!input.empty()) {
    const std::string_view line = input.substr(0, input.find('\n'));
    input.remove_prefix(line.size() < input.size() ? line.size() + 1 : line.size());
    if (line.starts_with(kFileMark)) {
      file = &files[std::string(line.substr(kFileMark.size()))];
      file->clear();
    } else if (file != nullptr) {
      file->append(line).push_back('\n');
    }
  }
  return files;
}

inline std::string InputOf(const aggregator::RegisterFiles& files) {
  std::string input;
  for (const auto& [name, text] : files) input.append(kFileMark).append(name).append("\n").append(text);
  return input;
}

}  // namespace kansoku::fuzz
