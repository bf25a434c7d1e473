// SPDX-License-Identifier: Apache-2.0
#include "proto/confinement/system_call_filter.h"

#include <linux/netlink.h>
#include <linux/sockios.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <initializer_list>
#include <memory>

#include "absl/strings/str_cat.h"

namespace kansoku {
namespace {

// By name, so that a call which another processor does not have is passed over.
using Names = std::initializer_list<const char*>;

constexpr Names kMemory = {"brk", "madvise", "membarrier", "mincore", "mremap", "msync", "munmap"};
constexpr Names kThreads = {"arch_prctl",
                            "exit",
                            "exit_group",
                            "futex",
                            "get_robust_list",
                            "rseq",
                            "sched_getaffinity",
                            "sched_setaffinity",
                            "sched_getparam",
                            "sched_getscheduler",
                            "sched_get_priority_max",
                            "sched_get_priority_min",
                            "sched_yield",
                            "set_robust_list",
                            "set_tid_address"};
constexpr Names kTime = {"clock_getres", "clock_gettime", "clock_nanosleep",
                         "gettimeofday", "nanosleep",     "restart_syscall",
                         "time",         "times"};
constexpr Names kSignals = {"rt_sigaction",  "rt_sigpending",   "rt_sigprocmask", "rt_sigreturn",
                            "rt_sigsuspend", "rt_sigtimedwait", "sigaltstack"};
constexpr Names kWaiting = {"epoll_create1", "epoll_ctl", "epoll_pwait", "epoll_wait", "eventfd2",
                            "pipe2",         "poll",      "ppoll",       "pselect6",   "select"};
constexpr Names kFiles = {
    "access",    "chmod",     "close",      "dup",        "dup3",      "faccessat", "faccessat2", "fadvise64",
    "fallocate", "fchmod",    "fchown",     "fcntl",      "fdatasync", "flock",     "fstat",      "fstatfs",
    "fsync",     "ftruncate", "getcwd",     "getdents64", "link",      "linkat",    "lseek",      "lstat",
    "mkdir",     "mkdirat",   "newfstatat", "open",       "openat",    "pread64",   "preadv",     "pwrite64",
    "pwritev",   "read",      "readlink",   "readlinkat", "readv",     "rename",    "renameat",   "renameat2",
    "rmdir",     "stat",      "statfs",     "statx",      "umask",     "unlink",    "unlinkat",   "utimensat",
    "write",     "writev"};
constexpr Names kSockets = {"bind",     "connect",    "getpeername", "getsockname", "getsockopt",
                            "recvfrom", "recvmmsg",   "recvmsg",     "sendmmsg",    "sendmsg",
                            "sendto",   "setsockopt", "shutdown",    "socketpair"};
constexpr Names kAboutItself = {"capget", "getcpu",  "geteuid",   "getegid",   "getgid",
                                "getpid", "getppid", "getrandom", "getrlimit", "getrusage",
                                "gettid", "getuid",  "sysinfo",   "uname"};

constexpr Names kIntrusions = {"bpf",
                               "chroot",
                               "delete_module",
                               "execve",
                               "execveat",
                               "finit_module",
                               "init_module",
                               "kexec_file_load",
                               "kexec_load",
                               "keyctl",
                               "mount",
                               "move_mount",
                               "open_by_handle_at",
                               "perf_event_open",
                               "pivot_root",
                               "process_vm_readv",
                               "process_vm_writev",
                               "reboot",
                               "request_key",
                               "setns",
                               "swapon",
                               "umount2",
                               "unshare",
                               "userfaultfd"};

// What an interface is asked, and what libraries ask of any descriptor.
constexpr unsigned long kRequests[] = {SIOCGIFINDEX, SIOCGIFHWADDR, SIOCGIFMTU, SIOCGIFFLAGS, SIOCGIFNAME,
                                       SIOCGIFCONF,  SIOCETHTOOL,   SIOCGSTAMP, FIONREAD,     FIONBIO};

class Rules {
 public:
  Rules() : context_(seccomp_init(SCMP_ACT_ERRNO(EPERM)), seccomp_release) {}

  void Add(uint32_t action, const char* name, std::initializer_list<scmp_arg_cmp> where = {}) {
    const int number = seccomp_syscall_resolve_name(name);
    if (context_ == nullptr || number == __NR_SCMP_ERROR)
      return;  // unknown to this libseccomp: stays refused
    const int code = seccomp_rule_add_array(context_.get(), action, number,
                                            static_cast<unsigned>(where.size()), where.begin());
    if (code != 0 && status_.ok()) status_ = Failed(absl::StrCat("a rule for ", name), code);
  }
  void Add(uint32_t action, Names names) {
    for (const char* name : names) Add(action, name);
  }
  void Allow(const char* name, std::initializer_list<scmp_arg_cmp> where = {}) {
    Add(SCMP_ACT_ALLOW, name, where);
  }
  void Allow(Names names) { Add(SCMP_ACT_ALLOW, names); }

  // Of every thread, at once.
  absl::Status Load() {
    if (context_ == nullptr) return absl::ResourceExhaustedError("system call filter: out of memory");
    if (!status_.ok()) return status_;
    int code = seccomp_attr_set(context_.get(), SCMP_FLTATR_CTL_TSYNC, 1);
    // A search tree: a list of this length would be felt at each call.
    if (code == 0) code = seccomp_attr_set(context_.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2);
    if (code == 0) code = seccomp_load(context_.get());
    return code == 0 ? absl::OkStatus() : Failed("loading it; the kernel needs CONFIG_SECCOMP_FILTER", code);
  }

 private:
  static absl::Status Failed(const std::string& what, int code) {
    return absl::ErrnoToStatus(-code, absl::StrCat("system call filter: ", what));
  }

  std::unique_ptr<void, void (*)(scmp_filter_ctx)> context_;
  absl::Status status_;
};

// Memory may be made executable by loading a library, as name look-ups do, but never while it can be written.
void AllowMapping(Rules& rules) {
  constexpr uint64_t kBoth = PROT_WRITE | PROT_EXEC;
  for (const uint64_t protection : {uint64_t{0}, uint64_t{PROT_WRITE}, uint64_t{PROT_EXEC}})
    rules.Allow("mmap", {SCMP_A2_64(SCMP_CMP_MASKED_EQ, kBoth, protection)});
  rules.Allow("mprotect", {SCMP_A2_64(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)});
}

// Threads, but no processes. What clone3 is asked lies in memory, out of a filter's sight; without it the C
// library goes back to clone.
void AllowThreads(Rules& rules) {
  rules.Allow(kThreads);
  rules.Allow("clone", {SCMP_A0_64(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)});
  rules.Add(SCMP_ACT_ERRNO(ENOSYS), "clone3");
  rules.Allow("prctl", {SCMP_A0_64(SCMP_CMP_EQ, PR_SET_NAME)});
  rules.Allow("prctl", {SCMP_A0_64(SCMP_CMP_EQ, PR_GET_NAME)});
  rules.Allow("prlimit64", {SCMP_A2_64(SCMP_CMP_EQ, 0)});  // asks, and sets nothing
}

// Signals to itself only.
void AllowSignals(Rules& rules) {
  rules.Allow(kSignals);
  const auto self = static_cast<uint64_t>(getpid());
  rules.Allow("kill", {SCMP_A0_64(SCMP_CMP_EQ, self)});
  rules.Allow("tgkill", {SCMP_A0_64(SCMP_CMP_EQ, self)});
}

// New ones connect, and never listen.
void AllowSockets(Rules& rules, const SystemCallNeeds& needs) {
  rules.Allow(kSockets);
  for (const uint64_t family : {AF_UNIX, AF_INET, AF_INET6})
    rules.Allow("socket", {SCMP_A0_64(SCMP_CMP_EQ, family)});
  rules.Allow("socket", {SCMP_A0_64(SCMP_CMP_EQ, AF_NETLINK), SCMP_A2_64(SCMP_CMP_EQ, NETLINK_ROUTE)});
  for (const unsigned long request : kRequests) rules.Allow("ioctl", {SCMP_A1_64(SCMP_CMP_EQ, request)});
  if (needs.accepting) rules.Allow({"accept", "accept4"});
}

void AllowCapturing(Rules& rules) {
  rules.Allow("socket", {SCMP_A0_64(SCMP_CMP_EQ, AF_PACKET)});
  rules.Allow("capset");  // to take the right up, and to put it down
  // To ask whether anything keeps the clock right. To set it takes a right that is gone.
  rules.Allow({"adjtimex", "clock_adjtime"});
}

// The leak checker of the address sanitizer traces the process from a process of its own when it ends.
void AllowSanitizers([[maybe_unused]] Rules& rules) {
#ifdef __SANITIZE_ADDRESS__
  rules.Allow({"clone", "getdents", "prctl", "ptrace", "wait4"});
#else
  rules.Add(SCMP_ACT_KILL_PROCESS, "ptrace");
#endif
}

}  // namespace

absl::Status FilterSystemCalls(const SystemCallNeeds& needs) {
  Rules rules;
  for (const Names names : {kMemory, kTime, kWaiting, kFiles, kAboutItself}) rules.Allow(names);
  AllowMapping(rules);
  AllowThreads(rules);
  AllowSignals(rules);
  AllowSockets(rules, needs);
  if (needs.packet_sockets) AllowCapturing(rules);
  AllowSanitizers(rules);
  rules.Add(SCMP_ACT_KILL_PROCESS, kIntrusions);
  return rules.Load();
}

}  // namespace kansoku
