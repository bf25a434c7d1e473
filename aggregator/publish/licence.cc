// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/licence.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace kansoku::aggregator {

absl::StatusOr<Licence> FindLicence(std::string_view word) {
  if (word == "pdl-1.0") {
    return Licence{"PDL-1.0",
                   {"公共データ利用規約（第1.0版）", "Public Data License, version 1.0"},
                   "https://www.digital.go.jp/resources/open_data/public_data_license_v1.0"};
  }
  if (word == "cc-by-4.0") {
    return Licence{
        "CC-BY-4.0",
        {"クリエイティブ・コモンズ 表示 4.0 国際", "Creative Commons Attribution 4.0 International"},
        "https://creativecommons.org/licenses/by/4.0/"};
  }
  return absl::InvalidArgumentError(absl::StrCat("\"", absl::Utf8SafeCHexEscape(std::string(word)),
                                                 "\" is not a licence: expected pdl-1.0 or cc-by-4.0"));
}

}  // namespace kansoku::aggregator
