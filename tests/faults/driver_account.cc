// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/driver_account.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace kansoku::testing {

DriverAccount& MapDriverAccount(const std::string& path) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  void* mapped = MAP_FAILED;
  if (file >= 0 && ftruncate(file, sizeof(DriverAccount)) == 0) {
    mapped = mmap(nullptr, sizeof(DriverAccount), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  }
  if (mapped == MAP_FAILED) {
    std::perror(path.c_str());
    std::abort();
  }
  close(file);
  return *static_cast<DriverAccount*>(mapped);
}

}  // namespace kansoku::testing
