// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "aggregator/figures/port_categories.h"

namespace kansoku::aggregator {

// Reads the file. NOT_FOUND or INVALID_ARGUMENT, with what to do.
absl::StatusOr<PortCategories> ReadPortCategories(const std::string& path);

// The table of port categories in force, while questions are answered. Any thread.
class PortTable {
 public:
  void Take(PortCategories categories);

  // Null: there is none.
  std::shared_ptr<const PortCategories> in_force() const;

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const PortCategories> in_force_;  // guarded by mutex_
};

}  // namespace kansoku::aggregator
