// SPDX-License-Identifier: Apache-2.0
#include "collector/capture/capture_file.h"

#include "collector/capture/mapped_file_source.h"
#include "collector/capture/pcap_file_source.h"

namespace kansoku::collector {

absl::StatusOr<std::unique_ptr<PacketSource>> OpenCaptureFile(const std::string& path) {
  if (path == "-") return PcapFileSource::Open(path);
  absl::StatusOr<std::unique_ptr<PacketSource>> mapped = MappedFileSource::Open(path);
  return absl::IsUnimplemented(mapped.status()) ? PcapFileSource::Open(path) : std::move(mapped);
}

}  // namespace kansoku::collector
