// SPDX-License-Identifier: Apache-2.0
//
// Sends the frames of a capture on an interface, over and over, as fast as it goes or at a rate. The other
// end of tests/benchmarks/live; for network namespaces of one's own only.
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <pcap/pcap.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

namespace {

constexpr size_t kFrames = 1'000'000;
constexpr size_t kBatch = 64;

std::vector<std::vector<uint8_t>> FramesOf(const char* path) {
  char error[PCAP_ERRBUF_SIZE];
  pcap_t* capture = pcap_open_offline(path, error);
  if (capture == nullptr) {
    std::fprintf(stderr, "frame_sender: %s\n", error);
    std::exit(2);
  }
  std::vector<std::vector<uint8_t>> frames;
  pcap_pkthdr* header = nullptr;
  const u_char* bytes = nullptr;
  while (frames.size() < kFrames && pcap_next_ex(capture, &header, &bytes) == 1) {
    if (header->caplen >= ETH_HLEN) frames.emplace_back(bytes, bytes + header->caplen);  // else refused
  }
  pcap_close(capture);
  return frames;
}

int BoundSocket(const char* interface) {
  const int fd = socket(AF_PACKET, SOCK_RAW, 0);
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_ifindex = static_cast<int>(if_nametoindex(interface));
  if (fd < 0 || address.sll_ifindex == 0 ||
      bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    std::perror("frame_sender: cannot bind to the interface");
    std::exit(2);
  }
  const int on = 1;
  setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof(on));
  return fd;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr,
                 "usage: frame_sender INTERFACE FILE.pcap SECONDS PACKETS_PER_SECOND (0: all it can)\n");
    return 2;
  }
  std::vector<std::vector<uint8_t>> frames = FramesOf(argv[2]);
  const int fd = BoundSocket(argv[1]);
  const double seconds = std::atof(argv[3]);
  const double rate = std::atof(argv[4]);
  std::array<mmsghdr, kBatch> messages{};
  std::array<iovec, kBatch> pieces{};
  uint64_t sent = 0;
  size_t next = 0;
  const auto start = std::chrono::steady_clock::now();
  for (;;) {
    const double elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (elapsed >= seconds) break;
    if (rate > 0 && static_cast<double>(sent) > elapsed * rate) {
      std::this_thread::sleep_for(std::chrono::microseconds(20));
      continue;
    }
    for (size_t i = 0; i < kBatch; ++i) {
      std::vector<uint8_t>& frame = frames[next];
      next = next + 1 == frames.size() ? 0 : next + 1;
      pieces[i] = {.iov_base = frame.data(), .iov_len = frame.size()};
      messages[i].msg_hdr.msg_iov = &pieces[i];
      messages[i].msg_hdr.msg_iovlen = 1;
    }
    for (size_t done = 0; done < kBatch;) {
      const int accepted = sendmmsg(fd, &messages[done], static_cast<unsigned>(kBatch - done), 0);
      if (accepted <= 0 && errno == ENOBUFS) continue;  // the queue is full: the same frames again
      if (accepted <= 0) {
        std::perror("frame_sender: cannot send");
        return 1;
      }
      done += static_cast<size_t>(accepted);
      sent += static_cast<uint64_t>(accepted);
    }
  }
  const double elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("%lu frames, %.0f frames/s\n", sent, static_cast<double>(sent) / elapsed);
  close(fd);
  return 0;
}
