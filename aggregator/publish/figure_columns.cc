// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/figure_columns.h"

#include <algorithm>
#include <array>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "aggregator/publish/decimal.h"
#include "proto/contract/enum_label.h"
#include "proto/contract/month.h"

namespace kansoku::aggregator {
namespace {

constexpr std::array<const char*, 6> kLabels = {"group", "direction", "day_type", "weekday", "slot", "lag"};

std::string Label(const v1::Figure& figure, const char* key) {
  const auto found = figure.labels().find(key);
  return found == figure.labels().end() ? "" : found->second;
}

// Of an enum whose zero stands for "not said".
template <typename Enum>
std::string SaidLabel(Enum value) {
  return static_cast<int>(value) == 0 ? "" : EnumLabel(value);
}

using F = const v1::Figure&;
using P = const Publication&;

const std::array kColumns = {
    FigureColumn{"period",
                 "yearmonth",
                 "",
                 {"対象月", "Period"},
                 "month, from its first midnight to its last in "
                 "the time zone",
                 [](F f, P) { return f.month(); }},
    FigureColumn{"time_zone",
                 "string",
                 "",
                 {"時間帯", "Time zone"},
                 "of the period, by its name in the IANA "
                 "database",
                 [](F, P) -> std::string { return "Asia/Tokyo"; }},
    FigureColumn{"figure_id",
                 "string",
                 "",
                 {"指標", "Figure"},
                 "what was computed; see method",
                 [](F f, P) { return f.id(); }},
    FigureColumn{"series",
                 "string",
                 "",
                 {"系列", "Series"},
                 "fixed or mobile",
                 [](F f, P) { return SaidLabel(f.series()); }},
    FigureColumn{"group",
                 "string",
                 "",
                 {"トラヒック区分", "Traffic group"},
                 "a1, a2, b1, b2 or b3",
                 [](F f, P) { return Label(f, "group"); }},
    FigureColumn{"direction",
                 "string",
                 "",
                 {"方向", "Direction"},
                 "as subscribers see it: download, upload or "
                 "total",
                 [](F f, P) { return Label(f, "direction"); }},
    FigureColumn{"day_type",
                 "string",
                 "",
                 {"日の種別", "Day type"},
                 "weekday, or holiday with weekends",
                 [](F f, P) { return Label(f, "day_type"); }},
    FigureColumn{"weekday",
                 "string",
                 "",
                 {"曜日", "Day of the week"},
                 "mon to sun",
                 [](F f, P) { return Label(f, "weekday"); }},
    FigureColumn{"slot",
                 "string",
                 "",
                 {"時刻帯", "Hours"},
                 "hours of the day in the time zone: 21-23",
                 [](F f, P) { return Label(f, "slot"); }},
    FigureColumn{"lag",
                 "string",
                 "",
                 {"比較対象", "Compared with"},
                 "how long before: 12_months or 6_months",
                 [](F f, P) { return Label(f, "lag"); }},
    FigureColumn{"value",
                 "number",
                 "{unit}",
                 {"値", "Value"},
                 "rounded once, half away from zero; empty when "
                 "withheld",
                 [](F f, P) { return f.value(); }},
    FigureColumn{"unit",
                 "string",
                 "",
                 {"単位", "Unit"},
                 "of value and standard_error; prefixes are decimal",
                 [](F f, P) { return f.unit(); }},
    FigureColumn{"standard_error",
                 "number",
                 "{unit}",
                 {"標準誤差", "Standard error"},
                 "empty where every packet "
                 "was counted",
                 [](F f, P) { return f.standard_error(); }},
    FigureColumn{"withheld_reason",
                 "string",
                 "",
                 {"非公表の理由（区分）", "Withheld reason"},
                 "a word of a closed set; empty where there is a value, or none was told apart",
                 [](F f, P) { return SaidLabel(f.withheld_reason()); }},
    FigureColumn{"withheld_because",
                 "string",
                 "",
                 {"非公表の理由", "Withheld because"},
                 "why there is no value, in English with details",
                 [](F f, P) { return f.withheld_because(); }},
    FigureColumn{"digits",
                 "integer",
                 "1",
                 {"小数点以下桁数", "Digits"},
                 "of the value, after the decimal point",
                 [](F f, P) { return f.value().empty() ? "" : absl::StrCat(DigitsAfterPoint(f.value())); }},
    FigureColumn{"basis",
                 "string",
                 "",
                 {"推計の基準", "Basis"},
                 "what coverage is a share of",
                 [](F f, P) { return SaidLabel(f.basis()); }},
    FigureColumn{"coverage",
                 "number",
                 "1",
                 {"カバー率", "Coverage"},
                 "share of the whole that was measured",
                 [](F f, P) { return f.coverage(); }},
    FigureColumn{"vintage",
                 "integer",
                 "1",
                 {"版", "Vintage"},
                 "rises with each revision of the month",
                 [](F f, P) { return absl::StrCat(f.vintage()); }},
    FigureColumn{"state",
                 "string",
                 "",
                 {"状態", "State"},
                 "provisional, final or revised",
                 [](F f, P) { return SaidLabel(f.state()); }},
    FigureColumn{"quality",
                 "string",
                 "",
                 {"品質", "Quality"},
                 "words with spaces between; complete: none of the "
                 "others",
                 [](F f, P) { return QualityWords(f); }},
    FigureColumn{"windows",
                 "integer",
                 "1",
                 {"観測窓数", "Windows"},
                 "measured",
                 [](F f, P) { return absl::StrCat(f.windows()); }},
    FigureColumn{"expected_windows",
                 "integer",
                 "1",
                 {"予定観測窓数", "Expected windows"},
                 "had nothing been missing",
                 [](F f, P) { return absl::StrCat(f.expected_windows()); }},
    FigureColumn{"method",
                 "string",
                 "",
                 {"算出方法", "Method"},
                 "how the figure was computed",
                 [](F f, P) { return f.method(); }},
    FigureColumn{"source",
                 "string",
                 "",
                 {"出典", "Source"},
                 "who published it",
                 [](F, P p) { return p.publisher.name_ja(); }},
    FigureColumn{"computed_at",
                 "datetime",
                 "",
                 {"算出日時", "Computed at"},
                 "with its offset from UTC",
                 [](F f, P) { return JapaneseTime(f.computed_unix_seconds()); }},
    FigureColumn{"register_digest",
                 "string",
                 "",
                 {"統計台帳のダイジェスト", "Register digest"},
                 "SHA-256 of the register that it was computed with",
                 [](F f, P) { return f.register_digest(); }},
    FigureColumn{"licence",
                 "string",
                 "",
                 {"ライセンス", "Licence"},
                 "of this datum",
                 [](F, P p) { return std::string(p.licence.id); }},
};

}  // namespace

std::span<const FigureColumn> FigureColumns() { return kColumns; }

DataTable FigureTable(const Publication& publication) {
  DataTable table{"figures", {kColumns.begin(), kColumns.end()}, {}};
  for (const v1::Figure& figure : publication.figures) {
    std::vector<std::string>& row = table.rows.emplace_back();
    for (const FigureColumn& column : kColumns) row.push_back(column.cell(figure, publication));
  }
  return table;
}

absl::Status CheckValue(const v1::Figure& figure) {
  if (figure.value().empty() == figure.withheld_because().empty()) {
    return absl::InvalidArgumentError("it needs a value or a reason why there is none, and not both");
  }
  if (!figure.value().empty() && !IsDecimal(figure.value())) {
    return absl::InvalidArgumentError(absl::StrCat("\"", figure.value(), "\" is no decimal"));
  }
  return absl::OkStatus();
}

absl::Status CheckFigures(const std::vector<v1::Figure>& figures) {
  for (const v1::Figure& figure : figures) {
    const auto bad = [&](const std::string& what) {
      return absl::InvalidArgumentError(
          absl::StrCat("figure ", figure.id(), " of \"", figure.month(), "\": ", what));
    };
    if (!ParseMonth(figure.month()).ok()) return bad("only figures of months are published");
    if (const absl::Status status = CheckValue(figure); !status.ok())
      return bad(std::string(status.message()));
    for (const auto& [key, value] : figure.labels()) {
      if (std::find(kLabels.begin(), kLabels.end(), key) == kLabels.end()) {
        return bad(absl::StrCat("no column for the label ", key, ": expected one of ",
                                absl::StrJoin(kLabels, ", ")));
      }
    }
  }
  return absl::OkStatus();
}

std::string QualityWords(const v1::Figure& figure) {
  std::vector<std::string> words;
  for (const int note : figure.notes()) words.push_back(EnumLabel(static_cast<v1::FigureNote>(note)));
  for (const int flag : figure.flags()) words.push_back(EnumLabel(static_cast<v1::QualityFlag>(flag)));
  return words.empty() ? "complete" : absl::StrJoin(words, " ");
}

std::string JapaneseTime(int64_t unix_seconds) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%S%Ez", absl::FromUnixSeconds(unix_seconds),
                          absl::FixedTimeZone(kTokyoOffsetSeconds));
}

bool IsSimulated(const v1::Figure& figure) {
  return std::find(figure.notes().begin(), figure.notes().end(), v1::FIGURE_NOTE_SIMULATED) !=
         figure.notes().end();
}

}  // namespace kansoku::aggregator
