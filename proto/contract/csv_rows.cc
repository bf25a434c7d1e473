// SPDX-License-Identifier: Apache-2.0
#include "proto/contract/csv_rows.h"

#include <csv.h>
#include <google/protobuf/stubs/common.h>

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace kansoku {
namespace {

constexpr char kByteOrderMark[] = "\xEF\xBB\xBF";

// libcsv's parser, of one line at a time.
class LineParser {
 public:
  LineParser() {
    csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI);
    // Else it would trim cells.
    csv_set_space_func(&parser_, [](unsigned char) { return 0; });
  }
  ~LineParser() { csv_free(&parser_); }
  LineParser(const LineParser&) = delete;
  LineParser& operator=(const LineParser&) = delete;

  // Empty on success, else what is wrong. After a failure the parser is of no more use.
  std::string Parse(absl::string_view line, std::vector<std::string>& cells) {
    const auto add_cell = [](void* text, size_t size, void* to) {
      static_cast<std::vector<std::string>*>(to)->emplace_back(static_cast<const char*>(text), size);
    };
    const auto end_row = [](int, void*) {};
    if (csv_parse(&parser_, line.data(), line.size(), add_cell, end_row, &cells) != line.size()) {
      if (csv_error(&parser_) != CSV_EPARSE) return csv_strerror(csv_error(&parser_));
      return "a quote stands where none may; put the whole cell in quotes, and write each quote in it twice";
    }
    if (csv_fini(&parser_, add_cell, end_row, &cells) == 0) return "";
    if (csv_error(&parser_) != CSV_EPARSE) return csv_strerror(csv_error(&parser_));
    return "a quote is not closed; a cell ends on its line";
  }

 private:
  csv_parser parser_;
};

std::string ComplaintAboutCharacters(absl::string_view line) {
  // What the messages that cells become would refuse too.
  if (!google::protobuf::internal::IsStructurallyValidUTF8(line.data(), static_cast<int>(line.size())))
    return "not UTF-8; save the file in that encoding";
  const auto is_control = [](char c) { return absl::ascii_iscntrl(static_cast<unsigned char>(c)); };
  if (std::any_of(line.begin(), line.end(), is_control))
    return "holds a control character (a tab, a lone carriage return ...); take it out";
  return "";
}

}  // namespace

absl::StatusOr<std::vector<CsvRow>> ParseCsv(std::string_view text, std::string_view file) {
  absl::string_view rest(text.data(), text.size());
  absl::ConsumePrefix(&rest, kByteOrderMark);
  std::vector<CsvRow> rows;
  LineParser parser;
  for (int line_number = 1; !rest.empty(); ++line_number) {
    const size_t length = std::min(rest.find('\n'), rest.size());
    const absl::string_view line = absl::StripSuffix(rest.substr(0, length), "\r");
    rest.remove_prefix(std::min(length + 1, rest.size()));
    if (line.empty()) continue;
    CsvRow row{line_number, {}};
    std::string complaint = ComplaintAboutCharacters(line);
    if (complaint.empty()) complaint = parser.Parse(line, row.cells);
    if (!complaint.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat(absl::string_view(file.data(), file.size()), ":", line_number, ": ", complaint));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace kansoku
