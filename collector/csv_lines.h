// SPDX-License-Identifier: Apache-2.0
//
// The lines of a CSV file without quotes, as lists of very many address ranges are.
#pragma once

#include <algorithm>
#include <string_view>

namespace kansoku::collector {

// Takes a text line by line. Borrows it. A value.
class CsvLines {
 public:
  explicit CsvLines(std::string_view text) : rest_(text) {}

  // Goes to the next line that is neither blank nor a comment, which begins with #. False at the end.
  bool Next() {
    while (!rest_.empty()) {
      const size_t end = std::min(rest_.find('\n'), rest_.size());
      line_ = rest_.substr(0, end);
      rest_.remove_prefix(std::min(end + 1, rest_.size()));
      ++number_;
      if (line_.ends_with('\r')) line_.remove_suffix(1);
      if (!line_.empty() && line_.front() != '#') return true;
    }
    return false;
  }

  std::string_view line() const { return line_; }
  int number() const { return number_; }  // of the line in the file, from 1

 private:
  std::string_view rest_;
  std::string_view line_;
  int number_ = 0;
};

// The text before the next comma, which is taken off with it.
inline std::string_view TakeField(std::string_view& line) {
  const size_t comma = std::min(line.find(','), line.size());
  const std::string_view field = line.substr(0, comma);
  line.remove_prefix(std::min(comma + 1, line.size()));
  return field;
}

inline size_t FieldsOf(std::string_view line) {
  return 1 + static_cast<size_t>(std::count(line.begin(), line.end(), ','));
}

}  // namespace kansoku::collector
