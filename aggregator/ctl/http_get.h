// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "aggregator/ctl/doctor_evidence.h"
#include "aggregator/ctl/question.h"

namespace kansoku::aggregator {

// GET of a path at http://host:port or https://host:port, which must be such. Within the server's timeout.
// Over TLS the server's certificate and authorities are used where there are any. Blocks; the main thread,
// before others care for SIGPIPE.
HttpAnswer HttpGet(const Server& server, const std::string& url, const std::string& path);

}  // namespace kansoku::aggregator
