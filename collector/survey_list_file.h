// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "collector/classify/survey_lists.h"
#include "kansoku/v1/config.pb.h"

namespace kansoku::collector {

// Appends the ranges of a file. CSV: a header that has the column `prefix`, and may have `operator`,
// `list_version` and `last_seen`; one range or address a line; blank lines and lines that begin with # are
// ignored. Where the name ends in .json: a list as NICT publishes it. Who was last seen on a day is taken to
// have been there to its end in Japan, whose days the figures of dark addresses have. NOT_FOUND, or
// INVALID_ARGUMENT with file, line or entry, and what to do.
absl::Status ReadSurveyListFile(const std::string& path, std::vector<SurveyRange>& ranges);

// Reads every list that the configuration names; it was checked before. Beyond the errors of a file: a list
// that holds nobody from `first_unix_ns` on, when the first packet can come, is FAILED_PRECONDITION.
absl::StatusOr<SurveyLists> ReadSurveyLists(const v1::DarknetSourceConfig& config, int64_t first_unix_ns);

}  // namespace kansoku::collector
