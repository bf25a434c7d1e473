// SPDX-License-Identifier: Apache-2.0
//
// A disk that can be full: a file system in memory, of a size of its own, which only this process and its
// children see.
#pragma once

#include <cstdint>
#include <string>

namespace kansoku::testing {

// Gives this process mounts of its own; before it has threads. Needs root, or user namespaces. False where
// neither is to be had.
bool EnterOwnMounts();

class SmallDisk {
 public:
  // In a folder of the caller's, which must be there. Aborts if it cannot be mounted.
  SmallDisk(std::string folder, uint64_t bytes);
  ~SmallDisk();
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool Fill(uint64_t bytes_left);  // whether it had more room
  void Free();

 private:
  std::string folder_;
  std::string ballast_;
};

}  // namespace kansoku::testing
