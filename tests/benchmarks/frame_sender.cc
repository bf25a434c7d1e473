// SPDX-License-Identifier: Apache-2.0
//
// Sends the frames of a capture on an interface, over and over, as fast as it goes or at a rate. What the
// capture cut off is sent as zeros, so that no frame is shorter than its headers say. The other end of
// tests/benchmarks/live; for network namespaces of one's own only.
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

// A receiving kernel drops a frame that ends within its VLAN tag before any capture sees it.
constexpr size_t kLeastOctets = ETH_HLEN + 4;
constexpr size_t kMostOctets = 9014;  // with the MTU of the interface that is sent on

struct Frame {
  std::vector<uint8_t> kept;
  size_t cut_octets;
};

std::vector<Frame> FramesOf(const char* path) {
  char error[PCAP_ERRBUF_SIZE];
  pcap_t* capture = pcap_open_offline(path, error);
  if (capture == nullptr) {
    std::fprintf(stderr, "frame_sender: %s\n", error);
    std::exit(2);
  }
  std::vector<Frame> frames;
  pcap_pkthdr* header = nullptr;
  const u_char* bytes = nullptr;
  while (frames.size() < kFrames && pcap_next_ex(capture, &header, &bytes) == 1) {
    if (header->caplen < kLeastOctets || header->len > kMostOctets) continue;
    frames.push_back({{bytes, bytes + header->caplen}, header->len - header->caplen});
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
  std::vector<Frame> frames = FramesOf(argv[2]);
  std::vector<uint8_t> zeros(kMostOctets);
  const int fd = BoundSocket(argv[1]);
  const double seconds = std::atof(argv[3]);
  const double rate = std::atof(argv[4]);
  std::array<mmsghdr, kBatch> messages{};
  std::array<std::array<iovec, 2>, kBatch> pieces{};
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
      Frame& frame = frames[next];
      next = next + 1 == frames.size() ? 0 : next + 1;
      pieces[i] = {iovec{.iov_base = frame.kept.data(), .iov_len = frame.kept.size()},
                   iovec{.iov_base = zeros.data(), .iov_len = frame.cut_octets}};
      messages[i].msg_hdr.msg_iov = pieces[i].data();
      messages[i].msg_hdr.msg_iovlen = pieces[i].size();
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
