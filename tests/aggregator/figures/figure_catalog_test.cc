// SPDX-License-Identifier: Apache-2.0
#include "aggregator/figures/figure_catalog.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "proto/contract/enum_label.h"

namespace kansoku::aggregator {
namespace {

TEST(FigureCatalog, NamesEachFigureOnceAndSaysItsMethod) {
  std::map<std::string_view, int> ids;
  for (const FigureKind* kind : AllFigures()) {
    EXPECT_EQ(++ids[kind->id], 1) << kind->id;
    EXPECT_NE(kind->method.find("METRICS"), std::string_view::npos) << kind->id;
    EXPECT_FALSE(kind->unit.empty());
  }
  EXPECT_EQ(ids.size(), 54u);
}

// docs/figures.md has a row of each, with what the catalogue says. With KANSOKU_REFRESH_PAGES=1 in the
// environment the table is written instead.
TEST(FigureCatalog, IsThePageForPeople) {
  const std::string path = absl::StrCat(KANSOKU_SOURCE_DIR, "/docs/figures.md");
  const std::string head = "| figure | unit | labels | how it is computed |\n| --- | --- | --- | --- |\n";
  std::string table = head;
  for (const FigureKind* kind : AllFigures()) {
    absl::StrAppend(&table, "| `", kind->id.data(), "` | ", kind->unit.data(), " | ",
                    absl::StrReplaceAll(kind->labels.data(), {{",", ", "}}), " | ", kind->method.data(),
                    " |\n");
  }
  std::ifstream file(path);
  std::stringstream page;
  page << file.rdbuf();
  if (std::getenv("KANSOKU_REFRESH_PAGES") != nullptr) {
    const std::string prose = page.str().substr(0, page.str().find(head));
    std::ofstream(path) << prose << table;
    return;
  }
  EXPECT_TRUE(page.str().ends_with(table)) << "run this test with KANSOKU_REFRESH_PAGES=1";
}

TEST(FigureCatalog, ThePageSaysWhyFiguresAreWithheld) {
  std::stringstream page;
  page << std::ifstream(absl::StrCat(KANSOKU_SOURCE_DIR, "/docs/figures.md")).rdbuf();
  const auto& reasons = *v1::WithheldReason_descriptor();
  for (int i = 1; i < reasons.value_count(); ++i) {
    const std::string row = absl::StrCat("\n| `", EnumLabel(*reasons.value(i)), "` | ");
    EXPECT_NE(page.str().find(row), std::string::npos) << row;
  }
}

}  // namespace
}  // namespace kansoku::aggregator
