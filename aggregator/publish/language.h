// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace kansoku::aggregator {

// Of a page.
enum class Language { kJapanese, kEnglish };

// The same in both.
struct Words {
  const char* ja;
  const char* en;

  const char* In(Language language) const { return language == Language::kJapanese ? ja : en; }
};

}  // namespace kansoku::aggregator
