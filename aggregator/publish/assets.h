// SPDX-License-Identifier: Apache-2.0
//
// The files of assets/, which the build puts into the program. Constant data.
#pragma once

#include <span>
#include <string_view>

namespace kansoku::aggregator {

struct Asset {
  std::string_view name;
  std::string_view content;
};

std::span<const Asset> Assets();

}  // namespace kansoku::aggregator
