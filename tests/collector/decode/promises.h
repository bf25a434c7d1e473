// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "collector/decode/decoder.h"

namespace kansoku::collector {

// What Decode promises of any bytes whatever, at both layers. Empty, or which promise it broke.
std::string BrokenPromise(const PacketView& packet, DecodeOptions options = {});

}  // namespace kansoku::collector
