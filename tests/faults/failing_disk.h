// SPDX-License-Identifier: Apache-2.0
//
// A disk that fails while files on it are open: ext4 in an image of its own, which the kernel turns read-only
// as it does after an error of the device.
#pragma once

#include <memory>
#include <string>

namespace kansoku::testing {

class FailingDisk {
 public:
  // Beneath a folder of the caller's, for a process with mounts of its own (EnterOwnMounts()). None where
  // there are no loop devices: in a user namespace, or a container without them.
  static std::unique_ptr<FailingDisk> Make(const std::string& folder);
  ~FailingDisk();
  FailingDisk(const FailingDisk&) = delete;
  FailingDisk& operator=(const FailingDisk&) = delete;

  std::string File(const std::string& name) const { return mount_point_ + "/" + name; }

  // From here on nothing is written, whoever has it open. The kernel never takes that back.
  void Fail();
  // As an operator does it, once nobody has a file open: unmount, check, mount. False if one of them fails.
  bool Repair();

 private:
  explicit FailingDisk(const std::string& folder);

  bool Mount();

  const std::string image_;
  const std::string mount_point_;
  std::string device_;  // as /sys/fs/ext4 names it; empty: not mounted
};

}  // namespace kansoku::testing
