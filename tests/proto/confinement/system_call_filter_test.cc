// SPDX-License-Identifier: Apache-2.0
#include "proto/confinement/system_call_filter.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/bpf.h>
#include <linux/netlink.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <thread>

namespace kansoku {
namespace {

constexpr int kDone = 100;
constexpr SystemCallNeeds kCapturing = {.packet_sockets = true};

// Filters this process, a child of the test's, and ends it with the error of the call, or kDone.
[[noreturn]] void ExitUnderFilter(const std::function<long()>& call, SystemCallNeeds needs = kCapturing) {
  if (!FilterSystemCalls(needs).ok()) _exit(kDone + 1);
  errno = 0;
  _exit(call() >= 0 ? kDone : errno);
}

void ExpectRefused(const std::function<long()>& call, const char* what, SystemCallNeeds needs = kCapturing) {
  EXPECT_EXIT(ExitUnderFilter(call, needs), ::testing::ExitedWithCode(EPERM), "") << what;
}

void ExpectAllowed(const std::function<long()>& call, const char* what, SystemCallNeeds needs = kCapturing) {
  EXPECT_EXIT(ExitUnderFilter(call, needs), ::testing::ExitedWithCode(kDone), "") << what;
}

void ExpectFatal(const std::function<long()>& call, const char* what) {
  EXPECT_EXIT(ExitUnderFilter(call), ::testing::KilledBySignal(SIGSYS), "") << what;
}

long MapMemory(int protection) {
  return mmap(nullptr, 4096, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0;
}

TEST(SystemCallFilter, WhatOnlyAnIntruderTriesEndsTheProcess) {
  char* const arguments[] = {nullptr};
  ExpectFatal([&] { return execve("/bin/true", arguments, arguments); }, "start a program");
  ExpectFatal([] { return syscall(SYS_execveat, AT_FDCWD, "/bin/true", nullptr, nullptr, 0); }, "execveat");
  ExpectFatal([] { return syscall(SYS_process_vm_readv, getppid(), nullptr, 0, nullptr, 0, 0); }, "look");
  ExpectFatal([] { return unshare(CLONE_NEWUSER); }, "leave the namespaces");
  ExpectFatal([] { return setns(-1, 0); }, "enter others");
  ExpectFatal([] { return syscall(SYS_bpf, BPF_PROG_LOAD, nullptr, 0); }, "load code into the kernel");
  ExpectFatal([] { return chroot("/"); }, "another root");
#ifndef __SANITIZE_ADDRESS__  // whose leak checker does it too
  ExpectFatal([] { return ptrace(PTRACE_ATTACH, getppid(), nullptr, nullptr); }, "trace");
#endif
}

TEST(SystemCallFilter, WhatIsNotNeededIsRefused) {
  ExpectRefused([] { return kill(getppid(), 0); }, "signals to others");
  ExpectRefused([] { return syscall(SYS_tgkill, getppid(), getppid(), 0); }, "signals to others' threads");
  ExpectRefused([] { return listen(socket(AF_INET, SOCK_STREAM, 0), 1); }, "listening");
  ExpectRefused([] { return socket(AF_ALG, SOCK_SEQPACKET, 0); }, "another family of sockets");
  ExpectRefused([] { return socket(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER); }, "another netlink");
  ExpectRefused([] { return MapMemory(PROT_READ | PROT_WRITE | PROT_EXEC); }, "writable code");
  ExpectRefused([] { return ioctl(0, TIOCSTI, "x"); }, "typing into the terminal");
  ExpectRefused([] { return setuid(0); }, "another user");
  ExpectRefused([] { return syscall(SYS_io_uring_setup, 1, nullptr); }, "calls that no filter sees");
  ExpectRefused([] { return symlink("/", "x"); }, "symbolic links");
#ifndef __SANITIZE_ADDRESS__
  ExpectRefused([] { return fork(); }, "processes");
  ExpectRefused([] { return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); }, "core dumps");
#endif
}

TEST(SystemCallFilter, MemoryDoesNotBecomeCode) {
  ExpectRefused(
      [] {
        void* const memory = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        return mprotect(memory, 4096, PROT_READ | PROT_EXEC);
      },
      "code that was written");
  ExpectAllowed([] { return MapMemory(PROT_READ | PROT_EXEC); }, "a library's code");
}

TEST(SystemCallFilter, HoldsForThreadsThatRanBefore) {
  EXPECT_EXIT(
      {
        int fd[2];
        if (pipe(fd) != 0) _exit(1);
        std::thread before([&] {
          char go;
          if (read(fd[0], &go, 1) != 1) _exit(1);
          errno = 0;
          _exit(setuid(0) < 0 ? errno : kDone);
        });
        if (!FilterSystemCalls({}).ok() || write(fd[1], "", 1) != 1) _exit(1);
        before.join();
      },
      ::testing::ExitedWithCode(EPERM), "");
}

TEST(SystemCallFilter, ThreadsAreStarted) {
  ExpectAllowed(
      [] {
        std::thread([] {}).join();
        return 0;
      },
      "a thread");
}

// Libraries keep data apart by processor, and where the kernel's shared page does not say which, they ask.
TEST(SystemCallFilter, AThreadMayAskWhereItRuns) {
  unsigned processor = 0;
  ExpectAllowed([&] { return syscall(SYS_getcpu, &processor, nullptr, nullptr); }, "its processor");
}

// gRPC and abseil ask for it, and complain where they are refused.
TEST(SystemCallFilter, AThreadMayAskHowItIsScheduled) {
  ExpectAllowed(
      [] {
        int policy = 0;
        sched_param param{};
        errno = pthread_getschedparam(pthread_self(), &policy, &param);
        return errno == 0 ? 0 : -1;
      },
      "scheduling");
}

TEST(SystemCallFilter, NamesAreLookedUp) {
  ExpectAllowed(
      [] {
        addrinfo* found = nullptr;
        const int code = getaddrinfo("localhost", "http", nullptr, &found);
        errno = code == 0 ? 0 : EIO;
        return code == 0 ? 0 : -1;
      },
      "localhost");
}

TEST(SystemCallFilter, PacketSocketsAreForLiveLinks) {
  // Protocol 0 hears nothing. Without the capability it is the kernel that refuses, with the same error.
  const auto open = [] { return socket(AF_PACKET, SOCK_RAW, 0); };
  ExpectRefused(open, "where only files are read", {});
  if (geteuid() == 0) ExpectAllowed(open, "where a link is captured");
}

TEST(SystemCallFilter, TheClockIsAskedHowItIsKept) {
  const auto ask = [] {
    timex time{};
    return static_cast<long>(adjtimex(&time));
  };
  ExpectAllowed(ask, "where a link is captured");
  ExpectRefused(ask, "where nothing is stamped", {});
}

TEST(SystemCallFilter, ConnectionsAreAcceptedWhereSomethingListensAlready) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  ASSERT_EQ(listen(listener, 1), 0);
  // Nobody has connected: EAGAIN says that it was tried.
  const auto accept_one = [listener] {
    const int fd = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    return fd < 0 && errno == EAGAIN ? 0 : -1;
  };
  ExpectAllowed(accept_one, "by the aggregator", {.accepting = true});
  ExpectRefused(accept_one, "by a collector");
  ExpectRefused([] { return listen(socket(AF_INET, SOCK_STREAM, 0), 1); }, "another listener",
                {.accepting = true});
  close(listener);
}

}  // namespace
}  // namespace kansoku
