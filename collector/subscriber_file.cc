// SPDX-License-Identifier: Apache-2.0
#include "collector/subscriber_file.h"

#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "collector/csv_lines.h"
#include "collector/whole_file.h"
#include "proto/contract/config_rule.h"
#include "proto/contract/enum_label.h"

namespace kansoku::collector {
namespace {

constexpr std::string_view kHeader = "prefix,access,technology";

// An enum's labels, spelt once for very many lines.
class Labels {
 public:
  explicit Labels(const google::protobuf::EnumDescriptor& type) : type_(type) {
    for (int i = 0; i < type.value_count(); ++i) {
      known_.emplace_back(EnumLabel(*type.value(i)), type.value(i)->number());
    }
  }

  // The value with this label; -1 for none.
  int ValueOf(std::string_view label) const {
    for (const auto& [known, value] : known_) {
      if (known == label) return value;
    }
    return -1;
  }
  std::string Expected() const { return absl::StrCat("expected one of ", AcceptedLabels(type_)); }

 private:
  const google::protobuf::EnumDescriptor& type_;
  std::vector<std::pair<std::string, int>> known_;
};

}  // namespace

absl::Status ReadSubscriberFile(const std::string& path, std::vector<SubscriberRange>& ranges) {
  const absl::StatusOr<std::string> text = ReadWholeFile(path, "subscriber_files");
  if (!text.ok()) return text.status();
  const Labels accesses(*v1::Access_descriptor());
  const Labels technologies(*v1::Technology_descriptor());
  bool has_header = false;
  for (CsvLines lines(*text); lines.Next();) {
    std::string_view line = lines.line();
    const auto wrong = [&](const std::string& what) {
      return absl::InvalidArgumentError(absl::StrCat(path, ":", lines.number(), ": ", what));
    };
    if (!has_header) {
      if (line != kHeader) return wrong(absl::StrCat("expected the header ", std::string(kHeader)));
      has_header = true;
      continue;
    }
    if (FieldsOf(line) != 3) return wrong("expected three columns");
    SubscriberRange& range = ranges.emplace_back();
    range.file = &path;
    range.line = lines.number();
    const absl::StatusOr<Prefix> prefix = ParsePrefix(TakeField(line));
    if (!prefix.ok()) return wrong(std::string(prefix.status().message()));
    range.prefix = *prefix;
    const int access = accesses.ValueOf(TakeField(line));
    if (access <= v1::ACCESS_NONE) return wrong("access: expected fixed or mobile");
    range.access = static_cast<v1::Access>(access);
    const std::string_view technology = TakeField(line);
    if (!technology.empty()) {
      const int value = technologies.ValueOf(technology);
      if (value < 0) return wrong(absl::StrCat("technology: ", technologies.Expected()));
      range.technology = static_cast<v1::Technology>(value);
    }
  }
  if (!has_header)
    return absl::InvalidArgumentError(absl::StrCat(path, ": is empty; expected a header and ranges"));
  return absl::OkStatus();
}

}  // namespace kansoku::collector
