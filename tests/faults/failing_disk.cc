// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/failing_disk.h"

#include <filesystem>
#include <fstream>
#include <vector>

#include "tests/testing/child_process.h"

namespace kansoku::testing {
namespace {

constexpr uint64_t kImageBytes = 64 << 20;
constexpr int kErrorsCorrected = 1;  // of e2fsck(8)

int Run(const std::vector<std::string>& command) { return RunProgram(command).exit_status; }

}  // namespace

std::unique_ptr<FailingDisk> FailingDisk::Make(const std::string& folder) {
  std::unique_ptr<FailingDisk> disk(new FailingDisk(folder));
  if (Run({"/sbin/mkfs.ext4", "-q", "-F", disk->image_}) != 0 || !disk->Mount()) return nullptr;
  return disk;
}

FailingDisk::FailingDisk(const std::string& folder)
    : image_(folder + "/failing.ext4"), mount_point_(folder + "/failing") {
  std::ofstream{image_};
  std::filesystem::resize_file(image_, kImageBytes);
  std::filesystem::create_directory(mount_point_);
}

FailingDisk::~FailingDisk() {
  if (!device_.empty()) Run({"umount", "--lazy", mount_point_});
}

bool FailingDisk::Mount() {
  if (Run({"mount", "-o", "loop,errors=remount-ro", image_, mount_point_}) != 0) return false;
  std::string device = RunProgram({"findmnt", "-no", "SOURCE", mount_point_}).out;
  device.erase(device.find_last_not_of('\n') + 1);
  device_ = std::filesystem::path(device).filename();
  return !device_.empty();
}

void FailingDisk::Fail() { std::ofstream("/sys/fs/ext4/" + device_ + "/trigger_fs_error") << "1"; }

bool FailingDisk::Repair() {
  if (Run({"umount", mount_point_}) != 0) return false;
  device_.clear();
  return Run({"/sbin/e2fsck", "-f", "-p", image_}) <= kErrorsCorrected && Mount();
}

}  // namespace kansoku::testing
