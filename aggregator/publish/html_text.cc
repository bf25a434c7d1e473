// SPDX-License-Identifier: Apache-2.0
#include "aggregator/publish/html_text.h"

#include "absl/strings/str_replace.h"

namespace kansoku::aggregator {

std::string Escaped(const std::string& text) {
  return absl::StrReplaceAll(
      text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&#39;"}});
}

}  // namespace kansoku::aggregator
