// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace kansoku {

// The reference page of the metric catalogue, docs/metrics.md.
std::string MetricReferenceMarkdown();

}  // namespace kansoku
