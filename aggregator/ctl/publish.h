// SPDX-License-Identifier: Apache-2.0
//
// `kansokuctl publish`: asks for the published figures of months and writes them as a site. Blocks; any
// thread.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "aggregator/ctl/publish_question.h"
#include "aggregator/ctl/question.h"

namespace kansoku::aggregator {

// What was written where, in one line.
absl::StatusOr<std::string> Publish(const Server& server, const PublishQuestion& question);

}  // namespace kansoku::aggregator
