// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "aggregator/register/register_text.h"

namespace kansoku::aggregator {

// Reads and checks a register from disk (register_text.h). A file ending in .csv, .yaml or .yml that is none
// of the register's is refused: a name spelled wrong must not pass for a table that is not there. Files that
// begin with a dot, and those of other endings, are left alone. NOT_FOUND or INVALID_ARGUMENT, with what to
// do.
absl::StatusOr<Register> ReadRegister(const std::string& folder);

}  // namespace kansoku::aggregator
