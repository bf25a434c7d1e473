// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "collector/classify/prefix.h"

namespace kansoku::collector {

// A literal that tests write; aborts if it is none.
inline Prefix PrefixOf(const std::string& text) { return ParsePrefix(text).value(); }
inline IpAddress AddressOf(const std::string& text) {
  return PrefixOf(text + (text.find(':') == std::string::npos ? "/32" : "/128")).address;
}

}  // namespace kansoku::collector
