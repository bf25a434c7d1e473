// SPDX-License-Identifier: Apache-2.0
#include "proto/transport/handshake_log.h"

#include <grpc/support/log.h>

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"

namespace kansoku {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kSilence = std::chrono::minutes(1);

std::atomic<uint64_t> failed_handshakes = 0;

// What OpenSSL says at the end of gRPC's line, and what it means here.
struct Reason {
  const char* words;
  const char* meaning;
};
constexpr Reason kReasons[] = {
    {"certificate verify failed",
     "the other side's certificate has expired, or is of no authority in authorities_path"},
    {"peer did not return a certificate", "the other side has no certificate; give it a tls section"},
    {"wrong version number", "the other side speaks plain text; give it a tls section"},
    {"http request", "the other side speaks plain HTTP"},
    {"unsupported protocol", "the other side cannot speak TLS 1.3"},
    {"No match found for server name",
     "the server's certificate does not name the host it was called by; make one that does "
     "(deploy/certificates aggregator)"},
};

const Reason* ReasonOf(std::string_view file, std::string_view message) {
  if (file.find("ssl_transport_security") == file.npos) return nullptr;
  for (const Reason& reason : kReasons) {
    if (message.find(reason.words) != message.npos) return &reason;
  }
  static constexpr Reason kOther = {"", "see docs/security-setup.md"};
  return message.find("Handshake failed") != message.npos ? &kOther : nullptr;
}

// gRPC takes a plain function, so what it needs is the process's.
struct Listener {
  std::mutex mutex;
  std::function<void(const std::string&)> say;  // this and what follows: guarded by mutex
  std::map<const Reason*, Clock::time_point> silent_until;
};
Listener& TheListener() {
  static Listener& listener = *new Listener;  // gRPC's threads may outlive main
  return listener;
}

void Hear(gpr_log_func_args* line) {
  const Reason* reason = ReasonOf(line->file, line->message);
  Listener& listener = TheListener();
  const std::lock_guard lock(listener.mutex);
  if (reason == nullptr) return listener.say(absl::StrCat("gRPC: ", line->message));
  ++failed_handshakes;
  Clock::time_point& silent_until = listener.silent_until[reason];
  const Clock::time_point now = Clock::now();
  if (now < silent_until) return;
  silent_until = now + kSilence;
  listener.say(absl::StrCat("a TLS handshake failed: ", reason->meaning, " (", line->message, ")"));
}

}  // namespace

void ListenToHandshakes(std::function<void(const std::string&)> say) {
  {
    Listener& listener = TheListener();
    const std::lock_guard lock(listener.mutex);
    listener.say = std::move(say);
  }
  gpr_set_log_function(Hear);
}

uint64_t FailedHandshakes() { return failed_handshakes; }

}  // namespace kansoku
