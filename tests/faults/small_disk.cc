// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/small_disk.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace kansoku::testing {

bool EnterOwnMounts() {
  const auto user = getuid();
  const auto group = getgid();
  if (unshare(CLONE_NEWNS) != 0) {
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
    std::ofstream("/proc/self/setgroups") << "deny";
    std::ofstream("/proc/self/uid_map") << "0 " << user << " 1";
    std::ofstream("/proc/self/gid_map") << "0 " << group << " 1";
  }
  // libfaketime leaves shared memory behind when its process is killed: it goes with this one instead.
  return mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         mount("tmpfs", "/dev/shm", "tmpfs", 0, nullptr) == 0;
}

SmallDisk::SmallDisk(std::string folder, uint64_t bytes)
    : folder_(std::move(folder)), ballast_(folder_ + "/ballast") {
  const std::string size = "size=" + std::to_string(bytes);
  if (mount("tmpfs", folder_.c_str(), "tmpfs", 0, size.c_str()) != 0) {
    std::perror(folder_.c_str());
    std::abort();
  }
}

SmallDisk::~SmallDisk() { umount2(folder_.c_str(), MNT_DETACH); }

bool SmallDisk::Fill(uint64_t bytes_left) {
  const int file = open(ballast_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  struct statvfs disk{};
  // What others write in between makes the allocation fail; then there is less to fill.
  while (statvfs(folder_.c_str(), &disk) == 0 && disk.f_bavail * disk.f_bsize > bytes_left) {
    const auto bytes = static_cast<off_t>(disk.f_bavail * disk.f_bsize - bytes_left);
    if (posix_fallocate(file, lseek(file, 0, SEEK_END), bytes) == 0) break;
  }
  const bool has_filled = lseek(file, 0, SEEK_END) > 0;
  close(file);
  return has_filled;
}

void SmallDisk::Free() { unlink(ballast_.c_str()); }

}  // namespace kansoku::testing
