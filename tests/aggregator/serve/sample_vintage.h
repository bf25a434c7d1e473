// SPDX-License-Identifier: Apache-2.0
//
// Vintages with few figures, made up: what serves them does not compute them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "kansoku/v1/vintage.pb.h"
#include "proto/contract/month.h"

namespace kansoku::aggregator {

inline v1::Figure SampleFigure(const std::string& id, const std::map<std::string, std::string>& labels,
                               const std::string& value, const std::string& exact) {
  v1::Figure figure;
  figure.set_id(id);
  figure.mutable_labels()->insert(labels.begin(), labels.end());
  figure.set_value(value);
  figure.set_unit("Tbps");
  figure.set_exact(exact);
  figure.set_base_unit("bit/s");
  figure.set_basis(v1::COVERAGE_BASIS_CONTRACT_SHARE);
  figure.set_coverage("0.4390");
  figure.set_windows(9);
  figure.set_expected_windows(10);
  figure.set_method("as published");
  figure.add_steps()->set_what("a step");
  figure.add_gaps()->set_windows(1);
  figure.mutable_gaps(0)->set_packets(77);
  return figure;
}

inline v1::Vintage SampleVintage(v1::Series series, const std::string& month, uint32_t number,
                                 int64_t computed_unix_seconds, const std::vector<v1::Figure>& figures) {
  v1::Vintage vintage;
  vintage.set_series(series);
  vintage.set_month(month);
  vintage.set_number(number);
  vintage.set_state(number == 1 ? v1::VINTAGE_STATE_FINAL : v1::VINTAGE_STATE_REVISED);
  vintage.set_computed_unix_seconds(computed_unix_seconds);
  vintage.set_by("keeper");
  vintage.set_because("late data");
  vintage.set_method_version("1");
  vintage.set_register_digest("digest");
  for (const v1::Figure& figure : figures) {
    v1::Figure& it = *vintage.add_figures();
    it = figure;
    it.set_series(series);
    it.set_month(month);
    it.set_vintage(number);
    it.set_state(vintage.state());
    it.set_computed_unix_seconds(computed_unix_seconds);
    it.set_register_digest(vintage.register_digest());
    it.mutable_period()->set_start_unix_seconds(StartUnixSeconds(*ParseMonth(month)));
    it.mutable_period()->set_end_unix_seconds(EndUnixSeconds(*ParseMonth(month)));
  }
  vintage.mutable_inputs()->set_series(series);
  vintage.mutable_inputs()->set_month(month);
  return vintage;
}

}  // namespace kansoku::aggregator
