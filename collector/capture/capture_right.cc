// SPDX-License-Identifier: Apache-2.0
#include "collector/capture/capture_right.h"

#include <sys/capability.h>

#include <memory>

namespace kansoku::collector {
namespace {

// Changes the calling thread alone: on Linux each has capabilities of its own. False where nothing changed.
bool SetEffective(cap_flag_value_t wanted) {
  const std::unique_ptr<_cap_struct, int (*)(void*)> own(cap_get_proc(), cap_free);
  const cap_value_t right = CAP_NET_RAW;
  cap_flag_value_t now = wanted;
  return own != nullptr && cap_get_flag(own.get(), right, CAP_EFFECTIVE, &now) == 0 && now != wanted &&
         cap_set_flag(own.get(), CAP_EFFECTIVE, 1, &right, wanted) == 0 && cap_set_proc(own.get()) == 0;
}

}  // namespace

// Where the right is missing, the socket that is refused says so.
CaptureRight::CaptureRight() : raised_(SetEffective(CAP_SET)) {}

CaptureRight::~CaptureRight() {
  if (raised_) SetEffective(CAP_CLEAR);
}

}  // namespace kansoku::collector
