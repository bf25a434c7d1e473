// SPDX-License-Identifier: Apache-2.0
//
// The files of a register to one message. Nothing is opened here: register_folder.h reads them from disk.
#pragma once

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "kansoku/v1/statistics.pb.h"

namespace kansoku::aggregator {

struct Register {
  v1::Statistics statistics;
  std::string digest;  // SHA-256, hexadecimal
};

// By name: register.yaml, contracts.csv ...
using RegisterFiles = std::map<std::string, std::string>;

inline constexpr char kSettingsFile[] = "register.yaml";

// The table of each repeated field of v1::Statistics: the field's name and ".csv".
bool IsRegisterFile(const std::string& name);
// "register.yaml, contracts.csv, ..."
std::string RegisterFileNames();

// INVALID_ARGUMENT with file, line, column, what is wrong and what to do. register.yaml and holidays.csv must
// be there (NOT_FOUND): without the second, holidays would pass for weekdays. Another table that is not there
// is an empty one. `folder` is used in messages only. Pure; any thread.
absl::StatusOr<Register> ParseRegister(const RegisterFiles& files, const std::string& folder);

// Of names and bytes: what `sha256sum FILE... | sha256sum` prints of the register's files in the order of
// their names.
std::string RegisterDigest(const RegisterFiles& files);

}  // namespace kansoku::aggregator
