// SPDX-License-Identifier: Apache-2.0
//
// What a figure is called on a page. Constant data; any thread.
#pragma once

#include <string>
#include <string_view>

#include "aggregator/publish/language.h"
#include "kansoku/v1/figure.pb.h"

namespace kansoku::aggregator {

// "固定系総ダウンロードトラヒック（推計）"; the id itself of a figure that has no name here.
std::string FigureName(std::string_view id, Language language);

// The labels in words, in a fixed order: "download, A1"; empty if there are none.
std::string LabelWords(const v1::Figure& figure, Language language);

// "2024年11月", "November 2024".
std::string MonthWords(const std::string& month, Language language);

// Why a figure is withheld: in Japanese by its reason, in English with details. Where no reason was told
// apart the English stands for both; empty where there is a value.
std::string WithheldText(const v1::Figure& figure, Language language);

// A word of the table of figures (state, basis, a word of quality) in words of the language.
std::string WordIn(const std::string& word, Language language);

// All words of its quality: "模擬入力、補完あり", "simulated, imputed".
std::string QualityText(const v1::Figure& figure, Language language);

}  // namespace kansoku::aggregator
