// SPDX-License-Identifier: Apache-2.0
//
// What libpcap alone costs: reads a capture, counts packets and octets, looks at nothing. The yardstick of
// tests/benchmarks/whole_process.
#include <pcap/pcap.h>

#include <cstdint>
#include <cstdio>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: null_reader FILE\n");
    return 2;
  }
  char error[PCAP_ERRBUF_SIZE];
  pcap_t* capture = pcap_open_offline(argv[1], error);
  if (capture == nullptr) {
    std::fprintf(stderr, "null_reader: %s\n", error);
    return 2;
  }
  uint64_t counts[2] = {0, 0};
  const auto count = [](u_char* into, const pcap_pkthdr* header, const u_char*) {
    auto* packets_and_octets = reinterpret_cast<uint64_t*>(into);
    ++packets_and_octets[0];
    packets_and_octets[1] += header->len;
  };
  pcap_loop(capture, -1, count, reinterpret_cast<u_char*>(counts));
  std::printf("%lu packets, %lu octets\n", counts[0], counts[1]);
  pcap_close(capture);
  return 0;
}
