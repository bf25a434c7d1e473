// SPDX-License-Identifier: Apache-2.0
#include "aggregator/ctl/over_time.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "aggregator/ctl/figure_labels.h"
#include "aggregator/ctl/quantity.h"
#include "aggregator/ctl/render_traffic.h"
#include "aggregator/ctl/sparkline.h"
#include "aggregator/ctl/table.h"
#include "aggregator/ctl/traffic_dimensions.h"

namespace kansoku::aggregator {
namespace {

struct Value {
  double number = 0;
  std::string text;
};

// What tells the series apart, in the order in which they first come; and their values, each at its time.
struct Series {
  std::vector<std::string> name;
  std::map<std::string, Value> values;  // times sort as text
};

class AllSeries {
 public:
  // A value that is withheld still makes its time one of the series'.
  void Add(const std::vector<std::string>& name, const std::string& time, std::optional<Value> value) {
    times_.insert(time);
    auto its =
        std::find_if(series_.begin(), series_.end(), [&](const Series& it) { return it.name == name; });
    if (its == series_.end()) its = series_.insert(series_.end(), Series{name, {}});
    if (value.has_value()) its->values[time] = *std::move(value);
  }

  // The columns are those of the names.
  std::string Drawn(std::vector<Column> columns) const {
    columns.push_back({"lowest", Align::kRight});
    columns.push_back({"over time"});
    columns.push_back({"highest", Align::kRight});
    Table table{std::move(columns), {}};
    for (const Series& series : series_) {
      if (series.values.size() >= 2) table.rows.push_back(RowOf(series));
    }
    return table.rows.empty() ? "" : absl::StrCat("\n", AlignedText(table));
  }

 private:
  std::vector<std::string> RowOf(const Series& series) const {
    const auto [lowest, highest] =
        std::minmax_element(series.values.begin(), series.values.end(),
                            [](const auto& a, const auto& b) { return a.second.number < b.second.number; });
    std::vector<std::optional<double>> numbers;
    for (const std::string& time : times_) {
      const auto value = series.values.find(time);
      numbers.push_back(value == series.values.end() ? std::nullopt : std::optional(value->second.number));
    }
    std::vector<std::string> row = series.name;
    row.push_back(lowest->second.text);
    row.push_back(Sparkline(numbers, lowest->second.number, highest->second.number));
    row.push_back(highest->second.text);
    return row;
  }

  std::set<std::string> times_;
  std::vector<Series> series_;
};

}  // namespace

std::string OverTime(const TrafficQuestion& question, const v1::GetTrafficResponse& response) {
  AllSeries all;
  for (const v1::TrafficRow& row : response.rows()) {
    const std::vector<std::string> name = DimensionTexts(question.request, row);
    const std::string time = UtcText(row.range().start_unix_seconds());
    if (!row.withheld_because().empty()) {
      all.Add(name, time, std::nullopt);
      continue;
    }
    const uint64_t rate = BitsPerSecond(OctetsOf(row.cell(), question.basis), row.range());
    all.Add(name, time, Value{static_cast<double>(rate), WithPrefix(static_cast<double>(rate), "bit/s")});
  }
  return all.Drawn(DimensionColumns(question.request));
}

std::string OverTime(const MonthsQuestion& question, const v1::GetFiguresResponse& response) {
  if (question.explain) return "";
  AllSeries all;
  for (const v1::Figure& figure : response.figures()) {
    const std::vector<std::string> name = {figure.id(), LabelsText(figure, " ")};
    double number = 0;
    if (!absl::SimpleAtod(figure.value(), &number)) {
      all.Add(name, figure.month(), std::nullopt);
      continue;
    }
    all.Add(name, figure.month(),
            Value{number, absl::StrCat(figure.value(), figure.unit().empty() ? "" : " ", figure.unit())});
  }
  return all.Drawn({{"figure"}, {"labels"}});
}

}  // namespace kansoku::aggregator
