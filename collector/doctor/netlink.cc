// SPDX-License-Identifier: Apache-2.0
#include "collector/doctor/netlink.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace kansoku::collector {
namespace {

constexpr size_t kAnswerBytes = 32 * 1024;  // as much as the kernel puts into one message (netlink(7))

class Socket {
 public:
  explicit Socket(int family) : descriptor_(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, family)) {}
  ~Socket() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  const int descriptor_;
};

absl::Status Failed(int error) { return absl::ErrnoToStatus(error, "netlink"); }

// What an error message says; 0 is an acknowledgement.
absl::Status ErrorIn(std::span<const char> content) {
  nlmsgerr error{};
  std::memcpy(&error, content.data(), std::min(sizeof error, content.size()));
  return error.error == 0 ? absl::OkStatus() : Failed(-error.error);
}

}  // namespace

absl::Status AskNetlink(int family, std::span<const char> question,
                        absl::FunctionRef<void(std::span<const char>)> visit) {
  const Socket kernel(family);
  if (kernel.descriptor() < 0) return Failed(errno);
  if (send(kernel.descriptor(), question.data(), question.size(), 0) < 0) return Failed(errno);
  alignas(nlmsghdr) std::array<char, kAnswerBytes> buffer;
  while (true) {
    const ssize_t received = recv(kernel.descriptor(), buffer.data(), buffer.size(), 0);
    if (received < 0) return Failed(errno);
    auto left = static_cast<uint32_t>(received);
    for (const auto* at = reinterpret_cast<const nlmsghdr*>(buffer.data()); NLMSG_OK(at, left);
         at = NLMSG_NEXT(at, left)) {
      const std::span content(static_cast<const char*>(NLMSG_DATA(at)), at->nlmsg_len - NLMSG_HDRLEN);
      if (at->nlmsg_type == NLMSG_DONE) return absl::OkStatus();
      if (at->nlmsg_type == NLMSG_ERROR) return ErrorIn(content);
      visit(content);
      if ((at->nlmsg_flags & NLM_F_MULTI) == 0) return absl::OkStatus();
    }
  }
}

void VisitAttributes(std::span<const char> bytes,
                     absl::FunctionRef<void(uint16_t, std::span<const char>)> visit) {
  while (bytes.size() >= NLA_HDRLEN) {
    nlattr header{};
    std::memcpy(&header, bytes.data(), sizeof header);
    if (header.nla_len < NLA_HDRLEN || header.nla_len > bytes.size()) return;
    visit(static_cast<uint16_t>(header.nla_type & NLA_TYPE_MASK),
          bytes.subspan(NLA_HDRLEN, header.nla_len - NLA_HDRLEN));
    bytes = bytes.subspan(std::min<size_t>(NLA_ALIGN(header.nla_len), bytes.size()));
  }
}

}  // namespace kansoku::collector
