// SPDX-License-Identifier: Apache-2.0
//
// Writes a capture file: pcap, little-endian on every machine, nanoseconds, Ethernet.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "tests/generator/frame.h"

namespace kansoku::generator {

// Owns the file; one thread. An error of the disk is remembered and told by Close().
class CaptureWriter {
 public:
  // Truncates the file. Check ok() before the first frame.
  CaptureWriter(const std::string& path, uint32_t snap_octets);

  bool ok() const { return file_ != nullptr && !failed_; }

  // Keeps the first `captured_octets` of the frame; what its headers do not fill is zeros.
  void Write(int64_t unix_ns, const Frame& frame, uint32_t captured_octets);

  // True if every byte was handed to the system.
  bool Close();

 private:
  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  void Put32(uint32_t value);
  void Flush();

  std::unique_ptr<std::FILE, CloseFile> file_;
  std::vector<uint8_t> buffer_;
  size_t used_ = 0;
  bool failed_ = false;
};

}  // namespace kansoku::generator
