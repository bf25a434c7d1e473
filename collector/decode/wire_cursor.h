// SPDX-License-Identifier: Apache-2.0
//
// The one way to read bytes from the wire: take a header of constant size off the front (one length check),
// then read its fields at constant offsets, whose range the compiler checks. Nothing else does pointer
// arithmetic.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace kansoku::collector {

template <size_t N>
using Header = std::span<const uint8_t, N>;

// Fields in network byte order (RFC 791 appendix B).
template <size_t At, size_t N>
constexpr uint8_t Big8(Header<N> header) {
  static_assert(At < N, "the field lies outside of the header");
  return header[At];
}

template <size_t At, size_t N>
constexpr uint16_t Big16(Header<N> header) {
  static_assert(At + 2 <= N, "the field lies outside of the header");
  return static_cast<uint16_t>(header[At] << 8 | header[At + 1]);
}

template <size_t At, size_t N>
constexpr uint32_t Big32(Header<N> header) {
  static_assert(At + 4 <= N, "the field lies outside of the header");
  return uint32_t{Big16<At>(header)} << 16 | Big16<At + 2>(header);
}

template <size_t At, size_t N>
constexpr uint64_t Big64(Header<N> header) {
  static_assert(At + 8 <= N, "the field lies outside of the header");
  return uint64_t{Big32<At>(header)} << 32 | Big32<At + 4>(header);
}

// A packet from the current position to its end. It knows two lengths: what was captured, and what was on the
// wire, so that a reader who runs out of octets can tell whose fault that is. Borrows the bytes. A value.
class WireCursor {
 public:
  WireCursor(std::span<const uint8_t> captured, size_t wire_octets)
      : captured_(captured), on_wire_(std::max(wire_octets, captured.size())) {}

  size_t on_wire() const { return on_wire_; }

  // Nothing if fewer than N octets were captured; the cursor then stays where it is.
  template <size_t N>
  std::optional<Header<N>> Peek() const {
    if (captured_.size() < N) return std::nullopt;
    return captured_.template first<N>();
  }
  // The same without a branch: `instead` if fewer octets were captured.
  template <size_t N>
  Header<N> PeekOr(Header<N> instead) const {
    return Header<N>(captured_.size() < N ? instead.data() : captured_.data(), N);
  }
  template <size_t N>
  std::optional<Header<N>> Take() {
    const std::optional<Header<N>> header = Peek<N>();
    if (header) Advance(N);
    return header;
  }

  // False if fewer octets were captured; the cursor then stays where it is.
  bool Skip(size_t octets) {
    if (captured_.size() < octets) return false;
    Advance(octets);
    return true;
  }

  // The packet itself says that it ends here. No effect if it claims more than was on the wire. Without a
  // branch: where the snap length cuts some packets and not others, one would often be guessed wrong.
  void EndAfter(size_t octets) {
    captured_ = captured_.first(std::min(captured_.size(), octets));
    on_wire_ = std::min(on_wire_, octets);
  }

  // Octets from the start of `frame`, in which the cursor must be, to the current position.
  size_t OffsetIn(std::span<const uint8_t> frame) const {
    return static_cast<size_t>(captured_.data() - frame.data());
  }

 private:
  void Advance(size_t octets) {
    captured_ = captured_.subspan(octets);
    on_wire_ -= octets;
  }

  std::span<const uint8_t> captured_;
  size_t on_wire_;  // octets, the captured ones among them
};

}  // namespace kansoku::collector
