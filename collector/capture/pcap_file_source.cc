// SPDX-License-Identifier: Apache-2.0
#include "collector/capture/pcap_file_source.h"

#include <pcap/pcap.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "collector/capture/link_type.h"
#include "collector/capture/packet_time.h"

namespace kansoku::collector {
namespace {

constexpr int kPacketsPerPoll = 1024;
// The C library would ask the kernel for one page at a time.
constexpr size_t kReadBufferBytes = 256 * 1024;

}  // namespace

absl::StatusOr<std::unique_ptr<PacketSource>> PcapFileSource::Open(const std::string& path) {
  const bool is_standard_input = path == "-";
  std::string name = is_standard_input ? "standard input" : path;
  FILE* const file = is_standard_input ? stdin : std::fopen(path.c_str(), "rb");
  if (file == nullptr)
    return absl::ErrnoToStatus(errno, absl::StrCat(name, ": cannot open the capture file"));
  std::setvbuf(file, nullptr, _IOFBF, kReadBufferBytes);

  char error[PCAP_ERRBUF_SIZE] = "";
  pcap_t* const capture = pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, error);
  if (capture == nullptr) {
    if (!is_standard_input) std::fclose(file);
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": not a capture file (", error, "); a pcap or pcapng file is needed"));
  }
  const absl::StatusOr<LinkType> link_type = LinkTypeOf(pcap_datalink(capture), name);
  if (!link_type.ok()) {
    pcap_close(capture);
    return link_type.status();
  }
  return std::unique_ptr<PacketSource>(new PcapFileSource(capture, std::move(name), *link_type));
}

PcapFileSource::PcapFileSource(pcap* capture, std::string name, LinkType link_type)
    : capture_(capture), name_(std::move(name)), link_type_(link_type) {}

PcapFileSource::~PcapFileSource() { pcap_close(capture_); }

absl::StatusOr<PollState> PcapFileSource::Poll(Sink sink) {
  for (int packets = 0; packets < kPacketsPerPoll; ++packets) {
    pcap_pkthdr* header = nullptr;
    const u_char* bytes = nullptr;
    const int result = pcap_next_ex(capture_, &header, &bytes);
    if (result == PCAP_ERROR_BREAK) return PollState::kEnd;
    if (result != 1) {
      return absl::DataLossError(absl::StrCat(name_, ": cannot be read behind packet ", delivered_packets_,
                                              " (", pcap_geterr(capture_),
                                              "); the packets before were read"));
    }
    ++delivered_packets_;
    const PacketView packet{.bytes = {bytes, header->caplen},
                            .wire_octets = header->len,
                            .link_type = link_type_,
                            .captured_unix_ns = UnixNanoseconds(header->ts.tv_sec, header->ts.tv_usec)};
    sink({&packet, 1});
  }
  return PollState::kMore;
}

}  // namespace kansoku::collector
