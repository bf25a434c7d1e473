// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "kansoku/v1/figure.pb.h"

namespace kansoku::aggregator {

// The frame, or figure, with these labels besides its own. Pure.
inline v1::Figure Labelled(v1::Figure frame, const std::map<std::string, std::string>& labels) {
  for (const auto& [name, value] : labels) (*frame.mutable_labels())[name] = value;
  return frame;
}

// Empty: it has no such label.
inline std::string LabelOf(const v1::Figure& figure, const std::string& name) {
  const auto label = figure.labels().find(name);
  return label == figure.labels().end() ? "" : label->second;
}

}  // namespace kansoku::aggregator
