// SPDX-License-Identifier: Apache-2.0
//
// Figures of telescopes as a site shows them: a month without values, a month with some withheld, and a day.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "kansoku/v1/figure.pb.h"
#include "proto/contract/month.h"

namespace kansoku::testing {

struct SampleDays {
  absl::CivilDay first, end;  // the end is not in it
};

// Withheld if `value` is empty; then its reason is to be said.
inline v1::Figure TelescopeFigure(SampleDays days, const std::string& id, const std::string& value,
                                  const std::string& unit,
                                  const std::map<std::string, std::string>& labels = {}) {
  const absl::TimeZone tokyo = absl::FixedTimeZone(kTokyoOffsetSeconds);
  v1::Figure figure;
  figure.set_id(id);
  figure.set_value(value);
  figure.set_unit(unit);
  figure.set_method("how " + id + " is computed (METRICS 5)");
  figure.mutable_period()->set_start_unix_seconds(absl::ToUnixSeconds(absl::FromCivil(days.first, tokyo)));
  figure.mutable_period()->set_end_unix_seconds(absl::ToUnixSeconds(absl::FromCivil(days.end, tokyo)));
  figure.set_windows(8639);
  figure.set_expected_windows(8640);
  figure.set_darknet_rules(2);
  figure.set_darknet_judgement(1);
  figure.set_darknet_revision(31);
  figure.set_computed_unix_seconds(figure.period().end_unix_seconds() + 3'600);
  for (const auto& [key, label] : labels) (*figure.mutable_labels())[key] = label;
  return figure;
}

inline v1::Figure WithheldTelescopeFigure(v1::Figure figure, v1::WithheldReason reason,
                                          const std::string& because) {
  figure.clear_value();
  figure.set_withheld_reason(reason);
  figure.set_withheld_because(because);
  return figure;
}

inline std::vector<v1::Figure> SampleTelescope() {
  const absl::CivilDay of_october(2024, 10, 1), of_november(2024, 11, 1), of_december(2024, 12, 1);
  const SampleDays october{of_october, of_november}, november{of_november, of_december},
      last_day{of_december - 1, of_december};
  std::vector<v1::Figure> figures = {
      WithheldTelescopeFigure(TelescopeFigure(october, "darknet_packets", "", "packets"),
                              v1::WITHHELD_REASON_SAMPLED, "packets were sampled <here>"),
      TelescopeFigure(november, "darknet_packets", "686200000000", "packets", {{"family", "ipv4"}}),
      TelescopeFigure(november, "darknet_seconds_per_packet_per_ip", "13", "seconds", {{"method", "daily"}}),
      WithheldTelescopeFigure(
          TelescopeFigure(november, "darknet_category_share", "", "ratio", {{"population", "all"}}),
          v1::WITHHELD_REASON_PORT_WITHOUT_CATEGORY, "9999/tcp is in no category")};
  const auto share = [&](const std::string& category, const std::string& value) {
    figures.push_back(TelescopeFigure(november, "darknet_category_share", value, "ratio",
                                      {{"category", category}, {"population", "non_survey"}}));
  };
  share("iot", "0.3012");
  share("http", "0.2100");
  share("windows", "0.0488");
  share("other", "0.4400");
  for (const char* const population : {"all", "non_survey"}) {
    for (const auto& [rank, port] : {std::pair("1", "23"), {"2", "443"}, {"10", "445"}}) {
      const std::map<std::string, std::string> labels = {
          {"population", population}, {"rank", rank}, {"port", port}, {"protocol", "tcp"}};
      const bool is_all = std::string(population) == "all";
      figures.push_back(
          TelescopeFigure(november, "darknet_port_share", is_all ? "0.1000" : "0.0625", "ratio", labels));
      figures.push_back(
          TelescopeFigure(november, "darknet_port_packets", is_all ? "1000000" : "62500", "packets", labels));
    }
  }
  figures.push_back(TelescopeFigure(last_day, "darknet_victims", "12", "hosts"));
  figures.push_back(TelescopeFigure(last_day, "darknet_unique_hosts", "70000000", "hosts"));
  figures.back().set_standard_error("567000");
  return figures;
}

}  // namespace kansoku::testing
