// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace kansoku {

// Largest message that may be sent to the ingest service, and that its server must accept: a report with as many
// entries as are allowed.
inline constexpr int kMaxMessageBytes = 32 << 20;

}  // namespace kansoku
