// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <iostream>
#include <string>

namespace kansoku::fuzz {

// Ends the program, as a sanitizer would, where `broken` says that something is.
inline void ExpectUnbroken(const std::string& broken) {
  if (broken.empty()) return;
  std::cerr << "broken: " << broken << "\n";
  std::abort();
}

inline void Expect(bool holds, const char* what) {
  if (!holds) ExpectUnbroken(what);
}

// Whether the target took its input, and did not just refuse it. A target sets it; whoever runs the target
// clears it before.
inline bool input_was_taken = false;

}  // namespace kansoku::fuzz
