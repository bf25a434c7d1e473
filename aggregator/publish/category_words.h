// SPDX-License-Identifier: Apache-2.0
//
// The categories of 図表Ⅱ-1-10-4, in the order of the printed chart. Constant data.
#pragma once

#include <array>

#include "aggregator/publish/language.h"

namespace kansoku::aggregator {

struct CategoryWords {
  const char* label;  // of darknet_category_share; of the history it is the series category_share_LABEL
  Words name;
  const char* colour;
};

inline constexpr std::array<CategoryWords, 4> kCategories = {{
    {"iot", {"IoT機器を狙った攻撃（%）", "Aimed at IoT devices, %"}, "iot"},
    {"http", {"HTTP・HTTPSでよく使用されるポート（%）", "Ports of HTTP and HTTPS, %"}, "http"},
    {"windows", {"Windowsを狙った攻撃（%）", "Aimed at Windows, %"}, "windows"},
    {"other", {"その他（上位10ポート以外、%）", "Other than the ten leading ports, %"}, "other"},
}};

}  // namespace kansoku::aggregator
