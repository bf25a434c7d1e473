// SPDX-License-Identifier: Apache-2.0
//
// The words of `kansokuctl publish`.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "aggregator/ctl/publish_question.h"

namespace kansoku::aggregator {

// What was typed; empty where nothing was.
struct PublishWords {
  std::string out, from, to, licence, key, history;
  std::vector<std::string> series;
  std::string publisher_ja, publisher_en, contact;
};

void AddPublishOptions(CLI::App& command, PublishWords& words);

absl::StatusOr<PublishQuestion> ToQuestion(const PublishWords& words);

}  // namespace kansoku::aggregator
