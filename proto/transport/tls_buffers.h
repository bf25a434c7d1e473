// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace kansoku {

// From now on a TLS connection of this process holds memory for its records only while one is under way
// (SSL_MODE_RELEASE_BUFFERS), whichever library makes the connection: without this, 33 KiB for each that does
// nothing. gRPC 1.51 has no switch for it. Any thread.
void ReleaseIdleTlsBuffers();

}  // namespace kansoku
