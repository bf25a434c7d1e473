// SPDX-License-Identifier: Apache-2.0
#include "proto/confinement/process_rights.h"

#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cerrno>
#include <memory>

namespace kansoku {
namespace {

absl::Status Refused(const char* what) { return absl::ErrnoToStatus(errno, what); }

bool Has(cap_t set, cap_value_t right, cap_flag_t flag) {
  cap_flag_value_t value = CAP_CLEAR;
  return cap_get_flag(set, right, flag, &value) == 0 && value == CAP_SET;
}

// Only who may change the bounding set can: without that, and with no new privileges, it bounds nothing.
absl::Status Bound(cap_t own, bool captures_live) {
  if (!Has(own, CAP_SETPCAP, CAP_EFFECTIVE)) return absl::OkStatus();
  for (cap_value_t right = 0; cap_get_bound(right) >= 0; ++right) {
    if (captures_live && right == CAP_NET_RAW) continue;
    if (cap_drop_bound(right) != 0) return Refused("cannot bound the capabilities of the process");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status KeepMemoryPrivate() {
  const rlimit none{.rlim_cur = 0, .rlim_max = 0};
  if (setrlimit(RLIMIT_CORE, &none) != 0) return Refused("cannot turn core dumps off");
  // A core that is piped to a program knows no limit, but this.
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return Refused("cannot make the memory private");
  return absl::OkStatus();
}

absl::Status KeepOnlyCaptureRight(bool captures_live) {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return Refused("cannot refuse new privileges");
  const std::unique_ptr<_cap_struct, int (*)(void*)> own(cap_get_proc(), cap_free);
  const std::unique_ptr<_cap_struct, int (*)(void*)> kept(cap_init(), cap_free);
  if (own == nullptr || kept == nullptr) return Refused("cannot read the capabilities of the process");
  if (absl::Status status = Bound(own.get(), captures_live); !status.ok()) return status;
  if (cap_reset_ambient() != 0) return Refused("cannot drop the ambient capabilities");
  const cap_value_t right = CAP_NET_RAW;
  const bool keeps = captures_live && Has(own.get(), right, CAP_PERMITTED);
  if ((keeps && cap_set_flag(kept.get(), CAP_PERMITTED, 1, &right, CAP_SET) != 0) ||
      cap_set_proc(kept.get()) != 0) {
    return Refused("cannot drop capabilities");
  }
  return absl::OkStatus();
}

absl::Status GiveUpEveryRight() { return KeepOnlyCaptureRight(false); }

}  // namespace kansoku
