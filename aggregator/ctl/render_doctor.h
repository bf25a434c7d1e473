// SPDX-License-Identifier: Apache-2.0
//
// The answer to `kansokuctl doctor`. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "aggregator/ctl/doctor_stage.h"
#include "aggregator/ctl/question.h"

namespace kansoku::aggregator {

std::string DoctorText(Format format, const std::vector<Stage>& stages);

// Of the first stage that is broken, what to do and where it is described; none where none is.
std::vector<std::string> FirstBroken(const std::vector<Stage>& stages);

}  // namespace kansoku::aggregator
