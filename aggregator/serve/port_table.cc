// SPDX-License-Identifier: Apache-2.0
#include "aggregator/serve/port_table.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"

namespace kansoku::aggregator {

absl::StatusOr<PortCategories> ReadPortCategories(const std::string& path) {
  std::ostringstream text;
  errno = 0;
  // Inserting the buffer, unlike iterating over it, does not throw on a folder.
  text << std::ifstream(path, std::ios::binary).rdbuf();
  if (errno != 0) {
    return absl::NotFoundError(absl::StrCat("port_categories_path: ", path, ": ", std::strerror(errno),
                                            "; deploy/telescope/port_categories.csv is one to begin with"));
  }
  return PortCategories::Parse(text.str(), path);
}

void PortTable::Take(PortCategories categories) {
  auto taken = std::make_shared<const PortCategories>(std::move(categories));
  const std::lock_guard lock(mutex_);
  in_force_ = std::move(taken);
}

std::shared_ptr<const PortCategories> PortTable::in_force() const {
  const std::lock_guard lock(mutex_);
  return in_force_;
}

}  // namespace kansoku::aggregator
