// SPDX-License-Identifier: Apache-2.0
//
// What libpcap alone costs: reads a capture file, or an interface until SIGTERM, counts packets and octets,
// looks at nothing. The yardstick of tests/benchmarks/whole_process and live.
#include <pcap/pcap.h>
#include <poll.h>
#include <signal.h>

#include <cstdint>
#include <cstdio>
#include <cstring>

namespace {

volatile sig_atomic_t stopped = 0;

struct Counts {
  uint64_t packets = 0;
  uint64_t octets = 0;
};

void Count(u_char* into, const pcap_pkthdr* header, const u_char*) {
  auto* counts = reinterpret_cast<Counts*>(into);
  ++counts->packets;
  counts->octets += header->len;
}

// Null on failure, with the reason in `error`.
pcap_t* OpenInterface(const char* name, char* error) {
  pcap_t* capture = pcap_create(name, error);
  if (capture == nullptr) return nullptr;
  pcap_set_snaplen(capture, 192);
  pcap_set_buffer_size(capture, 64 << 20);
  pcap_set_timeout(capture, 100);
  if (pcap_activate(capture) < 0 || pcap_setnonblock(capture, 1, error) != 0) {
    std::snprintf(error, PCAP_ERRBUF_SIZE, "%s", pcap_geterr(capture));
    return nullptr;
  }
  return capture;
}

}  // namespace

int main(int argc, char** argv) {
  const bool live = argc == 3 && std::strcmp(argv[1], "-i") == 0;
  if (argc != 2 && !live) {
    std::fprintf(stderr, "usage: null_reader FILE | -i INTERFACE\n");
    return 2;
  }
  char error[PCAP_ERRBUF_SIZE] = "";
  pcap_t* capture = live ? OpenInterface(argv[2], error) : pcap_open_offline(argv[1], error);
  if (capture == nullptr) {
    std::fprintf(stderr, "null_reader: %s\n", error);
    return 2;
  }
  Counts counts;
  if (live) {
    signal(SIGTERM, [](int) { stopped = 1; });
    pollfd ready{.fd = pcap_get_selectable_fd(capture), .events = POLLIN, .revents = 0};
    while (stopped == 0) {
      if (pcap_dispatch(capture, -1, Count, reinterpret_cast<u_char*>(&counts)) == 0) poll(&ready, 1, 100);
    }
  } else {
    pcap_loop(capture, -1, Count, reinterpret_cast<u_char*>(&counts));
  }
  pcap_stat stats{};
  if (live) pcap_stats(capture, &stats);
  std::printf("%lu packets, %lu octets, %u dropped\n", counts.packets, counts.octets, stats.ps_drop);
  pcap_close(capture);
  return 0;
}
