// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace kansoku::aggregator {

// A folder of one test's own, removed with it.
class StoreFolder {
 public:
  StoreFolder() {
    std::string name = absl::StrCat(::testing::TempDir(), "kansoku-store-XXXXXX");
    path_ = mkdtemp(name.data());
  }
  ~StoreFolder() { std::filesystem::remove_all(path_); }
  StoreFolder(const StoreFolder&) = delete;
  StoreFolder& operator=(const StoreFolder&) = delete;

  std::string File(const std::string& name = "store.db") const { return absl::StrCat(path_, "/", name); }

 private:
  std::string path_;
};

}  // namespace kansoku::aggregator
