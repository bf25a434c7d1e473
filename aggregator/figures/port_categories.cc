// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/port_categories.h"

#include <array>
#include <iterator>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "proto/contract/csv_rows.h"

namespace kansoku::aggregator {
namespace {

const std::vector<std::string> kHeader = {"protocol", "port", "category", "also", "valid_from", "source"};
constexpr std::array kCategories = {PortCategory::kIot, PortCategory::kHttp, PortCategory::kWindows};
constexpr uint32_t kTcp = 6, kUdp = 17, kLastPort = 65'535;

absl::StatusOr<PortCategory> ToCategory(const std::string& text) {
  for (const PortCategory category : kCategories) {
    if (LabelOf(category) == text) return category;
  }
  return absl::InvalidArgumentError(absl::StrCat("\"", text, "\" is no category; iot, http and windows are"));
}

absl::StatusOr<uint32_t> ToProtocol(const std::string& text) {
  if (text == "tcp") return kTcp;
  if (text == "udp") return kUdp;
  return absl::InvalidArgumentError(
      absl::StrCat("\"", text, "\" is no protocol with ports; tcp and udp are"));
}

absl::StatusOr<uint32_t> ToPort(const std::string& text) {
  uint32_t port = 0;
  if (absl::SimpleAtoi(text, &port) && port > 0 && port <= kLastPort) return port;
  return absl::InvalidArgumentError(absl::StrCat("\"", text, "\" is no port; 1 to 65535 are"));
}

absl::Status CheckDay(const std::string& text) {
  absl::CivilDay day;
  if (text.size() == 10 && absl::ParseCivilTime(text, &day)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("\"", text, "\" is no date such as 2015-01-01"));
}

}  // namespace

std::string_view LabelOf(PortCategory category) {
  switch (category) {
    case PortCategory::kIot:
      return "iot";
    case PortCategory::kHttp:
      return "http";
    case PortCategory::kWindows:
      return "windows";
  }
  return "";
}

absl::StatusOr<PortCategories> PortCategories::Parse(std::string_view text, std::string_view file) {
  const absl::StatusOr<std::vector<CsvRow>> rows = ParseCsv(text, file);
  if (!rows.ok()) return rows.status();
  if (rows->empty() || rows->front().cells != kHeader) {
    return absl::InvalidArgumentError(
        absl::StrCat(std::string(file), ":1: the header must be ", absl::StrJoin(kHeader, ",")));
  }
  PortCategories categories;
  for (auto row = rows->begin() + 1; row != rows->end(); ++row) {
    const auto wrong = [&](absl::string_view what) {
      return absl::InvalidArgumentError(absl::StrCat(std::string(file), ":", row->line, ": ", what));
    };
    if (row->cells.size() != kHeader.size()) {
      return wrong(absl::StrCat(row->cells.size(), " cells, not ", kHeader.size()));
    }
    const auto protocol = ToProtocol(row->cells[0]);
    if (!protocol.ok()) return wrong(protocol.status().message());
    const auto port = ToPort(row->cells[1]);
    if (!port.ok()) return wrong(port.status().message());
    const auto category = ToCategory(row->cells[2]);
    if (!category.ok()) return wrong(category.status().message());
    if (const auto also = ToCategory(row->cells[3]); !row->cells[3].empty() && !also.ok()) {
      return wrong(also.status().message());
    }
    if (const absl::Status day = CheckDay(row->cells[4]); !day.ok()) return wrong(day.message());
    if (!categories.rows_.try_emplace({*protocol, *port, row->cells[4]}, *category).second) {
      return wrong("this port and date have a row already");
    }
  }
  return categories;
}

std::optional<PortCategory> PortCategories::Find(uint32_t protocol, uint32_t port,
                                                 const std::string& day) const {
  auto after = rows_.upper_bound({protocol, port, day});
  if (after == rows_.begin()) return std::nullopt;
  const auto& [key, category] = *std::prev(after);
  const bool is_same = std::get<0>(key) == protocol && std::get<1>(key) == port;
  return is_same ? std::optional(category) : std::nullopt;
}

}  // namespace kansoku::aggregator
