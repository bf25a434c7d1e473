// SPDX-License-Identifier: Apache-2.0
#include "collector/subscriber_file.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "collector/whole_file.h"
#include "proto/contract/config_rule.h"
#include "proto/contract/enum_label.h"

namespace kansoku::collector {
namespace {

constexpr std::string_view kHeader = "prefix,access,technology";

// The text before the next comma, which is taken off with it.
std::string_view TakeField(std::string_view& line) {
  const size_t comma = std::min(line.find(','), line.size());
  const std::string_view field = line.substr(0, comma);
  line.remove_prefix(std::min(comma + 1, line.size()));
  return field;
}

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
  std::string_view rest = *text;
  const Labels accesses(*v1::Access_descriptor());
  const Labels technologies(*v1::Technology_descriptor());
  bool has_header = false;
  for (int number = 1; !rest.empty(); ++number) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    const auto wrong = [&](const std::string& what) {
      return absl::InvalidArgumentError(absl::StrCat(path, ":", number, ": ", what));
    };
    if (!has_header) {
      if (line != kHeader) return wrong(absl::StrCat("expected the header ", std::string(kHeader)));
      has_header = true;
      continue;
    }
    if (std::count(line.begin(), line.end(), ',') != 2) return wrong("expected three columns");
    SubscriberRange& range = ranges.emplace_back();
    range.file = &path;
    range.line = number;
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
